use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::eventually;

/// What Prometheus reads of a service.
pub(crate) struct Measured {
    port: u16,
}

impl Measured {
    pub(crate) fn at_port(port: u16) -> Self {
        Self { port }
    }

    /// The value of a series, written as in the text format; none when there is no such series.
    pub(crate) async fn value_of(&self, series: &str) -> Option<f64> {
        let answer = self.get("/metrics").await;
        let mut lines = answer.lines().filter_map(|line| line.rsplit_once(' '));
        lines.find(|(name, _)| *name == series).map(|(_, value)| value.parse().unwrap())
    }

    /// Returns as soon as the series has the value.
    pub(crate) async fn until(&self, series: &str, value: f64) {
        self.until_it(series, |now| now == value).await;
    }

    pub(crate) async fn until_it(&self, series: &str, is_right: impl Fn(f64) -> bool) {
        eventually(|| async { self.value_of(series).await.filter(|now| is_right(*now)) }).await;
    }

    pub(crate) async fn get(&self, path: &str) -> String {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let request = format!("GET {path} HTTP/1.0\r\n\r\n");
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        answer
    }
}
