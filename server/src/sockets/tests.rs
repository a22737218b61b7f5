use std::time::Duration;

use kith_shared::wire::Frame;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::*;
use crate::config::Limits;
use crate::routes;
use crate::routes::testing::{Phone, Server};

/// How long anything may take here before it counts as never.
const SOON: Duration = Duration::from_secs(10);

/// A server that listens, with so many connections.
async fn listening(connections_max: usize) -> (Server, SocketAddr) {
    listening_with(Limits::default(), connections_max).await
}

async fn listening_with(limits: Limits, connections_max: usize) -> (Server, SocketAddr) {
    let server = Server::with_limits(limits).await;
    let listener = listen(([127, 0, 0, 1], 0).into()).unwrap();
    let address = listener.local_addr().unwrap();
    let app = Arc::clone(&server.app);
    let sockets = Sockets::new(Arc::clone(&app), routes::router(app), connections_max);
    tokio::spawn(async move { sockets.serve(&listener, std::future::pending()).await });
    (server, address)
}

async fn connect_from(network: u8, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    socket.bind(([127, 1, network, 1], 0).into()).unwrap();
    socket.connect(to).await.unwrap()
}

fn head(line: &str, length: usize) -> String {
    format!("{line} HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-kith\r\ncontent-length: {length}\r\n\r\n")
}

/// Asks on a connection of its own, and gives the status.
async fn asks(network: u8, to: SocketAddr, line: &str, body: &[u8]) -> Option<u16> {
    let asked = async {
        let mut stream = connect_from(network, to).await;
        stream.write_all(head(line, body.len()).as_bytes()).await.ok()?;
        stream.write_all(body).await.ok()?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.ok()?;
        core::str::from_utf8(&answer[9..]).ok()?.parse().ok()
    };
    timeout(SOON, asked).await.ok()?
}

/// Asks on a connection that stays, and gives whether an answer came.
async fn asks_again(stream: &mut TcpStream) -> bool {
    let asked = async {
        stream.write_all(head("GET /healthz", 0).as_bytes()).await.ok()?;
        let mut answer = vec![0; 4_096];
        stream.read(&mut answer).await.ok().filter(|read| *read > 0)
    };
    timeout(SOON, asked).await.is_ok_and(|read| read.is_some())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_a_proxy_keeps_is_kept_longer_and_a_silent_one_is_not() {
    const PROXIES_KEEP_S: u64 = 125;
    let (server, address) = listening(64).await;
    let (mut kept, mut silent) = (connect_from(1, address).await, connect_from(2, address).await);
    for _ in 0..3 {
        assert!(asks_again(&mut kept).await);
        server.clock.advance_ms(PROXIES_KEEP_S * 1_000);
        tokio::time::sleep(SWEEP_EVERY + Duration::from_millis(200)).await;
    }
    assert!(asks_again(&mut kept).await);
    assert!(is_closed(&mut silent).await);
    server.clock.advance_ms(200_000);
    assert!(is_closed(&mut kept).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_a_connection_is_its_idle_time_and_not_that_of_a_head() {
    let limits = Limits { head_time: Duration::from_millis(200), idle_time: SOON, ..Limits::default() };
    let (_server, address) = listening_with(limits, 64).await;
    let mut kept = connect_from(1, address).await;
    assert!(asks_again(&mut kept).await);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert!(asks_again(&mut kept).await);
}

/// Whether the other side closed it.
async fn is_closed(stream: &mut TcpStream) -> bool {
    let mut byte = [0; 4_096];
    let gone = async { while stream.read(&mut byte).await.is_ok_and(|read| read > 0) {} };
    timeout(SOON, gone).await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_sockets_of_16_networks_hold_nobody_off() {
    let (server, address) = listening(64).await;
    let ana = server.enrolled(1).await;
    let mut silent = Vec::new();
    for at in 0..160_u8 {
        silent.push(connect_from(at % 16, address).await);
    }
    for _ in 0..20 {
        assert_eq!(asks(200, address, "GET /healthz", b"").await, Some(200));
        assert_eq!(asks(201, address, "POST /v1/sync", &ana.request(&[])).await, Some(200));
    }
    assert!(is_closed(&mut silent[0]).await, "the oldest went");
    assert!(server.app.metrics.evicted("sockets").get() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_come_byte_by_byte_hold_nobody_off() {
    let (server, address) = listening(64).await;
    let ana = server.enrolled(1).await;
    let mut slow = Vec::new();
    for at in 0..160_u8 {
        let mut stream = connect_from(at % 16, address).await;
        let begun = [head("POST /v1/sync", 100_000).as_bytes(), &[1, 0xff, 0xff, 0x0f, 0]].concat();
        // The ones before may have been cut by now.
        let _ = stream.write_all(&begun).await;
        slow.push(stream);
    }
    for _ in 0..20 {
        assert_eq!(asks(200, address, "POST /v1/sync", &ana.request(&[])).await, Some(200));
        assert_eq!(asks(200, address, "GET /readyz", b"").await, Some(200));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_goes_on_while_a_stranger_of_its_own_network_floods_it() {
    let (server, address) = listening(64).await;
    let ana = server.enrolled(1).await;
    let mut phone = connect_from(5, address).await;
    let request = ana.request(&[]);
    let mut flood = Vec::new();
    for _ in 0..5 {
        phone.write_all(head("POST /v1/sync", request.len()).as_bytes()).await.unwrap();
        phone.write_all(&request).await.unwrap();
        let mut answer = vec![0; 64 * 1024];
        assert!(phone.read(&mut answer).await.unwrap() > 0, "its connection is its device's, once that is proven");
        for _ in 0..100 {
            flood.push(connect_from(5, address).await);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_sent_requests_pin_no_thread_and_the_server_says_that_it_is_well() {
    let (server, address) = listening(2_000).await;
    let ana = server.enrolled(1).await;
    let header = ana.header(&[Frame::Page(vec![0; 100]).encode()]);
    let mut held = Vec::new();
    for at in 0..700_u16 {
        let mut stream = connect_from(u8::try_from(at % 16).unwrap(), address).await;
        let _ = stream.write_all(&[head("POST /v1/sync", 100_000).as_bytes(), &header].concat()).await;
        held.push(stream);
    }
    assert_eq!(asks(200, address, "GET /readyz", b"").await, Some(200));
    assert!(server.app.requests.count() <= server.app.limits.device_places_max);
    let ben = server.enrolled(2).await;
    assert_eq!(asks(201, address, "POST /v1/sync", &ben.request(&[])).await, Some(200));
}

/// A circle with more to read than all buffers on the way take.
async fn with_much_to_read(server: &Server) -> Phone {
    let mut ana = server.enrolled(1).await;
    server.write_much(&mut ana, 160).await;
    ana
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_no_answer_is_cut_and_whoever_reads_slowly_is_not() {
    let (server, address) = listening(64).await;
    let _ana = with_much_to_read(&server).await;
    let ask = async |seed, network| {
        let phone = server.enrolled(seed).await;
        let request = phone.request(&[]);
        let mut stream = connect_from(network, address).await;
        stream.write_all(&[head("POST /v1/sync", request.len()).as_bytes(), &request].concat()).await.unwrap();
        stream
    };
    let (mut deaf, mut slow) = (ask(2, 1).await, ask(3, 2).await);
    // Time for both answers to fill what is between.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut taken = 0;
    for _ in 0..5 {
        server.clock.advance_ms(40_000);
        let mut some = vec![0; 60_000];
        for _ in 0..20 {
            match timeout(Duration::from_millis(50), slow.read(&mut some)).await {
                Ok(read) => taken += read.unwrap(),
                Err(_) => break,
            }
        }
        tokio::time::sleep(SWEEP_EVERY + Duration::from_millis(200)).await;
    }
    let mut rest = vec![0; 1 << 20];
    let mut broke_off = 0;
    while let Ok(Ok(read @ 1..)) = timeout(SOON, deaf.read(&mut rest)).await {
        broke_off += read;
    }
    while let Ok(Ok(read @ 1..)) = timeout(Duration::from_millis(500), slow.read(&mut rest)).await {
        taken += read;
    }
    assert!(taken > 500_000, "{taken} bytes in 200 s are enough");
    assert!(broke_off < taken, "{broke_off}");
    assert_eq!(server.app.requests.count(), 0);
}
