//! Calls a running service at a fixed rate, whether or not earlier calls were answered, or one call after
//! another: reads a task in JSON from the file that is named first, and prints in JSON how long each call
//! took.
//!
//! For benchmarks, whose own language takes longer to make a call than the service to answer it.

use std::{
    env,
    error::Error,
    fs, io, thread,
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use prost::bytes::{Buf, BufMut};
use serde::Deserialize;
use serde_json::json;
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinHandle,
};
use tonic::{
    Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    codegen::http::uri::PathAndQuery,
    metadata::{Ascii, MetadataValue},
    transport::Channel,
};

/// One at a time, before time is taken.
const WARM_UP_CALLS: usize = 100;
const DEADLINE: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
struct Task {
    /// `http://host:port`
    url: String,
    authorization: String,
    /// Of the operation.
    path: String,
    /// None: each request once, when the one before is answered.
    calls_per_second: Option<u32>,
    #[serde(default)]
    seconds: f64,
    /// Messages in base64; each call sends the next one.
    requests: Vec<String>,
}

type Failure = Box<dyn Error + Send + Sync>;

/// Milliseconds from when the call was due.
struct Taken {
    until_sent: f64,
    until_answered: f64,
}

fn main() -> Result<(), Failure> {
    let path = env::args().nth(1).ok_or("name the file of the task")?;
    let task: Task = serde_json::from_str(&fs::read_to_string(path)?)?;
    let runtime = runtime(&task)?;
    let caller = runtime.block_on(Caller::connect(&task))?;
    let requests: Vec<Vec<u8>> =
        task.requests.iter().map(|text| BASE64_STANDARD.decode(text)).collect::<Result<_, _>>()?;
    for request in requests.iter().cycle().take(WARM_UP_CALLS) {
        runtime.block_on(caller.call(request.clone()))?;
    }
    let taken = match task.calls_per_second {
        Some(rate) => call_at_rate(&runtime, &caller, rate, task.seconds, &requests)?,
        None => call_in_turn(&runtime, &caller, &requests)?,
    };
    print(&taken)
}

/// Threads as few as a caller needs: the cores are for the service. Who waits for each answer needs
/// none but his own.
fn runtime(task: &Task) -> io::Result<Runtime> {
    let mut threads = match task.calls_per_second {
        Some(_) => Builder::new_multi_thread(),
        None => Builder::new_current_thread(),
    };
    threads.worker_threads(1).enable_all().build()
}

fn call_in_turn(
    runtime: &Runtime,
    caller: &Caller,
    requests: &[Vec<u8>],
) -> Result<Vec<Taken>, Failure> {
    let mut taken = Vec::with_capacity(requests.len());
    for request in requests {
        let due = Instant::now();
        runtime.block_on(caller.call(request.clone()))?;
        taken.push(Taken { until_sent: 0.0, until_answered: milliseconds_since(due) });
    }
    Ok(taken)
}

/// Sends each call when it is due, from a thread: its clock is finer than the runtime's.
fn call_at_rate(
    runtime: &Runtime,
    caller: &Caller,
    calls_per_second: u32,
    seconds: f64,
    requests: &[Vec<u8>],
) -> Result<Vec<Taken>, Failure> {
    let mut rotated = requests.iter().cycle();
    let mut next = || rotated.next().cloned().ok_or("there is nothing to ask");
    let calls = (f64::from(calls_per_second) * seconds) as u32;
    let began = Instant::now();
    let mut under_way: Vec<JoinHandle<Result<Taken, Status>>> = Vec::new();
    for number in 0..calls {
        let due = began + Duration::from_secs(1) * number / calls_per_second;
        let (caller, request) = (caller.clone(), next()?);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        under_way.push(runtime.spawn(async move {
            let until_sent = milliseconds_since(due);
            caller.call(request).await?;
            Ok(Taken { until_sent, until_answered: milliseconds_since(due) })
        }));
    }
    runtime.block_on(async {
        let mut taken = Vec::with_capacity(under_way.len());
        for call in under_way {
            taken.push(call.await??);
        }
        Ok(taken)
    })
}

fn milliseconds_since(due: Instant) -> f64 {
    due.elapsed().as_secs_f64() * 1000.0
}

#[derive(Clone)]
struct Caller {
    connection: Grpc<Channel>,
    path: PathAndQuery,
    authorization: MetadataValue<Ascii>,
}

impl Caller {
    async fn connect(task: &Task) -> Result<Self, Failure> {
        let channel = Channel::from_shared(task.url.clone())?.connect().await?;
        Ok(Self {
            connection: Grpc::new(channel),
            path: task.path.parse()?,
            authorization: task.authorization.parse()?,
        })
    }

    async fn call(&self, message: Vec<u8>) -> Result<(), Status> {
        let mut connection = self.connection.clone();
        connection.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
        let mut request = Request::new(message);
        request.set_timeout(DEADLINE);
        request.metadata_mut().insert("authorization", self.authorization.clone());
        connection.unary(request, self.path.clone(), Bytes).await?;
        Ok(())
    }
}

/// Messages as the bytes that they are.
#[derive(Clone, Copy)]
struct Bytes;

impl Codec for Bytes {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, message: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&message);
        Ok(())
    }
}

impl Decoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        let mut message = vec![0; buffer.remaining()];
        buffer.copy_to_slice(&mut message);
        Ok(Some(message))
    }
}

#[allow(clippy::print_stdout, reason = "this is how a benchmark reads it")]
fn print(taken: &[Taken]) -> Result<(), Failure> {
    let until_sent: Vec<f64> = taken.iter().map(|call| call.until_sent).collect();
    let until_answered: Vec<f64> = taken.iter().map(|call| call.until_answered).collect();
    let figures = json!({ "until_sent": until_sent, "until_answered": until_answered });
    println!("{}", serde_json::to_string(&figures)?);
    Ok(())
}
