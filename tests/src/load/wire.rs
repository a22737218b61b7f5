//! As much of HTTP as honest phones and attackers need, from any loopback address.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::phone::CONTENT_TYPE;

/// Longest answer that is taken, in bytes.
const ANSWER_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Where somebody asks from.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The server.
    pub(super) server: SocketAddr,
    /// The address that the connection comes from.
    pub(super) from: Ipv4Addr,
    /// What the proxy in front of the server says of it.
    pub(super) forwarded: Option<String>,
}

impl Place {
    /// Opens a connection; with `receive_bytes`, one whose system takes no more than about that unread.
    pub(super) async fn connect(&self, receive_bytes: Option<u32>) -> io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        if let Some(bytes) = receive_bytes {
            socket.set_recv_buffer_size(bytes)?;
        }
        socket.bind((self.from, 0).into())?;
        socket.connect(self.server).await
    }

    /// The head of a request for so many bytes of body.
    pub(super) fn head(&self, line: &str, length: usize) -> String {
        let forwarded = self.forwarded.as_ref().map(|by| format!("x-forwarded-for: {by}\r\n")).unwrap_or_default();
        format!(
            "{line} HTTP/1.1\r\nhost: kith\r\ncontent-type: {CONTENT_TYPE}\r\ncontent-length: {length}\r\n{forwarded}"
        )
    }

    /// Asks for a page, and gives the status.
    pub(super) async fn get(&self, path: &str) -> io::Result<u16> {
        let mut stream = self.connect(None).await?;
        let head = self.head(&format!("GET {path}"), 0);
        stream.write_all(format!("{head}connection: close\r\n\r\n").as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await?;
        read_answer(&answer).map(|(status, _)| status).ok_or_else(|| io::Error::other("the answer broke off"))
    }

    /// Sends a request on a connection of its own, and gives the status and the whole of the body.
    pub(super) async fn post(&self, path: &str, body: &[u8]) -> io::Result<(u16, Vec<u8>)> {
        let mut stream = self.connect(None).await?;
        let head = self.head(&format!("POST {path}"), body.len());
        stream.write_all(format!("{head}connection: close\r\n\r\n").as_bytes()).await?;
        stream.write_all(body).await?;
        let mut answer = Vec::new();
        stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await?;
        read_answer(&answer).ok_or_else(|| io::Error::other("the answer broke off"))
    }
}

/// Status and body, when all of it is there.
fn read_answer(answer: &[u8]) -> Option<(u16, Vec<u8>)> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = core::str::from_utf8(&answer[..end]).ok()?.to_ascii_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let body = &answer[end + 4..];
    let value = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    if value("transfer-encoding:") == Some("chunked") {
        return Some((status, unchunk(body)?));
    }
    let length: usize = value("content-length:")?.parse().ok()?;
    Some((status, body.get(..length)?.to_vec()))
}

fn unchunk(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let line = body.windows(2).position(|two| two == b"\r\n")?;
        let length = usize::from_str_radix(core::str::from_utf8(&body[..line]).ok()?, 16).ok()?;
        let rest = &body[line + 2..];
        if length == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(rest.get(..length)?);
        body = rest.get(length + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_whole_or_not_at_all() {
        let plain = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc";
        let chunked = b"HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
        assert_eq!(read_answer(plain), Some((200, b"abc".to_vec())));
        assert_eq!(read_answer(chunked), Some((503, b"abc".to_vec())));
        assert_eq!(read_answer(&plain[..plain.len() - 1]), None);
        assert_eq!(read_answer(&chunked[..chunked.len() - 6]), None);
    }
}
