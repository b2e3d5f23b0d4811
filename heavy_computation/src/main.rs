//! The process: settings, a socket, and the signals that end it.

use std::{
    env,
    io::{self, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    process::ExitCode,
};

use heavy_computation::{
    Listeners, check_health,
    config::{LogSettings, Settings, bind_address, metrics_bind_address},
    run,
    telemetry::start_telemetry,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    task::spawn_blocking,
};
use tracing::{error, info};

/// Searches allocate much and briefly on every core at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let ended = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => serve().await,
        ["--healthcheck"] => healthcheck().await,
        _ => Err("usage: heavy_computation [--healthcheck]".into()),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // The last word, which has nowhere else to go when even this fails.
            let _ = writeln!(io::stderr(), "heavy_computation: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Failure> {
    let traces = start_telemetry(LogSettings::from_environment()?)?;
    let settings = Settings::from_environment()?;
    let address = bind_address()?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let listeners = Listeners {
        calls: listen("HEAVY_COMPUTATION_BIND", address).await?,
        metrics: match metrics_bind_address()? {
            Some(address) => Some(listen("HEAVY_COMPUTATION_METRICS_BIND", address).await?),
            None => None,
        },
    };
    info!(%address, "serving");
    let shutdown = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let ended = run(settings, listeners, shutdown).await;
    match &ended {
        Ok(()) => info!("stopped"),
        Err(error) => error!(%error, "giving up"),
    }
    spawn_blocking(|| traces.end()).await?;
    Ok(ended?)
}

async fn listen(setting: &str, address: SocketAddr) -> Result<TcpListener, Failure> {
    let listening = TcpListener::bind(address).await;
    Ok(listening.map_err(|error| format!("{setting} {address}: {error}"))?)
}

/// Asks the service of this machine how it is; for containers without a shell.
async fn healthcheck() -> Result<(), Failure> {
    let address = reachable(bind_address()?);
    if check_health(address).await { Ok(()) } else { Err("not serving".into()) }
}

/// An address that listens everywhere is called at this machine's own.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
