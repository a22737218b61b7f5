//! `GET /v1/live`: a stream of server-sent events that says in which circle there is something new, and never
//! what. A poke is answered by a sync.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderValue, Response, header};
use bytes::Bytes;
use kith_shared::codec::Reader;
use kith_shared::ids::{CircleId, DeviceId, MemberId};
use kith_shared::storage::{Read, ReadResult, Tree};
use kith_shared::sync::{enrol, key};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{DevicePublic, MemberState, Purpose, RequestProblem, RequestStamp, RosterEntry, Signature};
use kith_shared::wire::ProblemCode;
use serde::Deserialize;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::app::App;
use crate::caller::Caller;
use crate::line::{Line, Way};
use crate::places::Place;
use crate::pokes::Poke;
use crate::rate::Prefix;

use super::door::{Overdrawn, look_at};
use super::problem::Refused;

/// How often a stream that has nothing to say shows that it is there.
const HEARTBEAT: Duration = Duration::from_secs(25);

/// Who listens, signed; see [`RequestStamp`].
#[derive(Debug, Deserialize)]
pub(super) struct LiveQuery {
    device: String,
    time: u64,
    signature: String,
}

struct Listener {
    app: Arc<App>,
    device: DeviceId,
    /// Whose the device is in each of its circles.
    circles: BTreeMap<CircleId, MemberId>,
    pokes: broadcast::Receiver<Poke>,
    closing: watch::Receiver<bool>,
    greeted: bool,
    line: Arc<Line>,
    _place: Place<(CircleId, MemberId)>,
}

/// Answers with the stream.
pub(super) async fn handle(
    State(app): State<Arc<App>>,
    Extension(prefix): Extension<Prefix>,
    Extension(caller): Extension<Caller>,
    overdrawn: Option<Extension<Overdrawn>>,
    query: Result<Query<LiveQuery>, QueryRejection>,
) -> Response<Body> {
    match listen(&app, (prefix, overdrawn.map(|Extension(it)| it)), &caller, query.ok().map(|Query(query)| query)).await
    {
        Ok(listener) => {
            let stream = futures_util::stream::unfold(listener, |mut listener| async move {
                Some((Ok::<_, std::convert::Infallible>(listener.next().await?), listener))
            });
            let mut response = Response::new(Body::from_stream(stream));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(refused) => refused.respond(&app),
    }
}

async fn listen(
    app: &Arc<App>,
    (prefix, overdrawn): (Prefix, Option<Overdrawn>),
    caller: &Caller,
    query: Option<LiveQuery>,
) -> Result<Listener, Refused> {
    let wanted = "the address must be /v1/live?device=…&time=…&signature=…, in hex, milliseconds and hex";
    let malformed = || Refused::new(ProblemCode::Malformed, wanted);
    let device = query.as_ref().and_then(|query| query.device.parse::<DeviceId>().ok());
    if let Some(overdrawn) = overdrawn {
        overdrawn.admit(app, &device.ok_or_else(|| overdrawn.refuse(app))?)?;
    }
    let (query, device) = query.zip(device).ok_or_else(malformed)?;
    let signature = parse_signature(&query.signature).ok_or_else(malformed)?;
    // From before the circles are read, so that nothing falls between.
    let pokes = app.pokes.listen();
    let unproven = look_at(app, prefix).await?;
    let Active { circles, member, keys } = circles_of(app, &device).await?;
    let stamp = RequestStamp { device, time: TimestampMs(query.time) };
    stamp.verify(&keys, Purpose::Live, &[], &signature, app.clock.now()).map_err(|problem| {
        let code = match problem {
            RequestProblem::ClockSkew { .. } => ProblemCode::Clock,
            RequestProblem::Signature => ProblemCode::Signature,
        };
        Refused::new(code, problem.to_string())
    })?;
    drop(unproven);
    app.rate.device_request(prefix, overdrawn.is_some(), device).map_err(|slow| Refused::slow(app, slow))?;
    caller.is(device);
    let line = Arc::clone(&caller.line);
    let Some(place) = app.lives.enter(member, Some(device), &line) else {
        return Err(Refused::new(ProblemCode::Busy, "too many are listening: sync now and then instead"));
    };
    // Of a member's streams, and of a device's, the one that was opened first is the first to go.
    line.wait(Way::Next, line.now(), Duration::MAX);
    app.metrics.live_streams.inc();
    let closing = app.closing.clone();
    Ok(Listener { app: Arc::clone(app), device, circles, pokes, closing, greeted: false, line, _place: place })
}

/// What makes a device one that may listen.
struct Active {
    /// The circles that it is active in, and whose it is there.
    circles: BTreeMap<CircleId, MemberId>,
    /// Whose it is, in the first of them.
    member: (CircleId, MemberId),
    keys: DevicePublic,
}

/// The circles that the device is active in, whose it is, and its keys.
async fn circles_of(app: &App, device: &DeviceId) -> Result<Active, Refused> {
    let rows = app.store.read(vec![enrol::circles_of(device)]).await?.into_iter().next();
    let rows = rows.map(ReadResult::rows).unwrap_or_default();
    let circles: Vec<CircleId> =
        rows.iter().filter_map(|(key, _)| CircleId::from_slice(key.get(DeviceId::LEN..)?)).collect();
    let entry = |circle: &CircleId| Read::Get { tree: Tree::Roster, key: key::roster(circle, device) };
    let entries = app.store.read(circles.iter().map(entry).collect()).await?.into_iter().map(ReadResult::value);
    let entries = entries.map(|bytes| RosterEntry::read(&mut Reader::new(&bytes?)).ok());
    let active = |(circle, entry): (CircleId, Option<RosterEntry>)| {
        Some((circle, entry.filter(|entry| entry.now().state == MemberState::Active)?))
    };
    let active: Vec<(CircleId, RosterEntry)> = circles.into_iter().zip(entries).filter_map(active).collect();
    match active.first() {
        Some((first, entry)) => Ok(Active {
            circles: active.iter().map(|(circle, entry)| (*circle, entry.member)).collect(),
            member: (*first, entry.member),
            keys: entry.device,
        }),
        None => Err(Refused::new(ProblemCode::UnknownDevice, "the device is in no circle here")),
    }
}

impl Listener {
    /// Whether the device may still hear of a circle; a store that does not answer shuts nobody out.
    async fn is_active(&self, circle: &CircleId) -> bool {
        let row = self.app.get(Tree::Roster, key::roster(circle, &self.device)).await;
        let entry = row.map(|bytes| bytes.and_then(|bytes| RosterEntry::read(&mut Reader::new(&bytes)).ok()));
        entry.map_or(true, |entry| entry.is_some_and(|entry| entry.now().state == MemberState::Active))
    }

    /// Whether a poke is for the device.
    fn hears(&self, poke: &Poke) -> bool {
        let member = self.circles.get(&poke.circle);
        member.is_some_and(|member| poke.only.is_none_or(|only| only.contains(member)))
    }

    /// The next piece of the stream; `None` when the server shuts down, when the device is in no circle any more, or
    /// when its place went to another.
    async fn next(&mut self) -> Option<Bytes> {
        if !self.greeted {
            self.greeted = true;
            return Some(Bytes::from_static(b"retry: 5000\n: kith\n\n"));
        }
        loop {
            let poke = tokio::select! {
                _ = self.closing.wait_for(|closing| *closing) => return None,
                () = self.line.evicted() => return None,
                poke = timeout(HEARTBEAT, self.pokes.recv()) => poke,
            };
            match poke {
                Err(_) => return Some(Bytes::from_static(b": still here\n\n")),
                Ok(Err(RecvError::Closed)) => return None,
                Ok(Err(RecvError::Lagged(_))) => {
                    return Some(self.circles.keys().map(event).collect::<String>().into());
                }
                Ok(Ok(poke)) if poke.from != Some(self.device) && self.hears(&poke) => {
                    if self.is_active(&poke.circle).await {
                        return Some(event(&poke.circle).into());
                    }
                    self.circles.remove(&poke.circle);
                    if self.circles.is_empty() {
                        return None;
                    }
                }
                Ok(Ok(_)) => {}
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.line.go_on(Way::Next);
        self.app.metrics.live_streams.dec();
    }
}

fn event(circle: &CircleId) -> String {
    format!("data: {circle}\n\n")
}

fn parse_signature(hex: &str) -> Option<Signature> {
    let (r, s) = hex.split_at_checked(DeviceId::LEN * 2)?;
    let halves: [DeviceId; 2] = [r.parse().ok()?, s.parse().ok()?];
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&halves[0].0);
    bytes[32..].copy_from_slice(&halves[1].0);
    Some(Signature(bytes))
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;
    use kith_shared::ids::{DocumentName, Subject};
    use kith_shared::trust::{Remove, Role, Signer, StatementBody};

    use super::super::testing::{Phone, Server};
    use super::*;
    use crate::config::Limits;

    fn address(phone: &Phone) -> String {
        let stamp = RequestStamp { device: phone.secret.id(), time: phone.now };
        let signature: String =
            stamp.sign(&phone.secret, Purpose::Live, &[]).0.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("/v1/live?device={}&time={}&signature={signature}", stamp.device, stamp.time.0)
    }

    #[tokio::test]
    async fn of_what_is_ones_own_nobody_hears_and_of_what_two_have_the_two() {
        let server = Server::new().await;
        let (ana, ben, cat) = (server.enrolled(1).await, server.enrolled(2).await, server.enrolled(3).await);
        let mut streams = Vec::new();
        for phone in [&ben, &cat] {
            let mut stream = server.get(&address(phone)).await.into_body().into_data_stream();
            stream.next().await.unwrap().unwrap();
            streams.push(stream);
        }
        let chain = server.chain().await;
        let member = |phone: &Phone| chain.standing().device(&phone.secret.id()).unwrap().member;
        let (hers, his, month) = (member(&ana), member(&ben), ana.now.day().month());
        let plan = Subject::Plan { member: hers };
        let pair = Subject::pair(hers, his, month, 0).unwrap();
        let told = Subject::Reports { member: hers, part: 0 };
        let (kept, between) = (Subject::Commitments { member: hers, part: 0 }, Subject::between(hers, his, 0).unwrap());
        for (subject, heard) in [
            (plan, [false; 2]),
            (kept, [false; 2]),
            (told, [false; 2]),
            (pair, [true, false]),
            (between, [true, false]),
        ] {
            let mut phone = ana.clone();
            phone.name = DocumentName::new(subject);
            let page = phone.message("hello");
            server.sync(phone.request(&[page])).await;
            for (stream, heard) in streams.iter_mut().zip(heard) {
                let poke = timeout(Duration::from_millis(200), stream.next()).await;
                assert_eq!(poke.is_ok(), heard, "{subject:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_commit_pokes_the_others_and_says_only_where() {
        let server = Server::new().await;
        let (mut ana, ben) = (server.enrolled(1).await, server.enrolled(2).await);
        let mut streams = Vec::new();
        for phone in [&ana, &ben] {
            let response = server.get(&address(phone)).await;
            assert_eq!(response.status(), 200);
            assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
            let mut stream = response.into_body().into_data_stream();
            assert_eq!(stream.next().await.unwrap().unwrap(), "retry: 5000\n: kith\n\n");
            streams.push(stream);
        }
        assert_eq!(server.app.metrics.live_streams.get(), 2);
        let page = ana.message("hello");
        server.sync(ana.request(&[page])).await;
        let poke = streams[1].next().await.unwrap().unwrap();
        assert_eq!(poke, format!("data: {}\n\n", server.circle));
        server.closing.send_replace(true);
        assert!(streams[0].next().await.is_none(), "whoever brought it is not poked, and a shutdown ends the stream");
        streams.clear();
        assert_eq!(server.app.metrics.live_streams.get(), 0);
    }

    #[tokio::test]
    async fn one_member_with_2000_streams_takes_nobodys() {
        let server = Server::new().await;
        let (mallory, ana) = (server.joined(2, Role::Member).await, server.joined(3, Role::Member).await);
        let mut of_ana = server.get(&address(&ana)).await.into_body().into_data_stream();
        of_ana.next().await;
        let mut held = Vec::new();
        for _ in 0..20 {
            let now = server.now();
            let mallory = Phone { now, ..mallory.clone() };
            for _ in 0..100 {
                let response = server.get(&address(&mallory)).await;
                assert_eq!(response.status(), 200, "the newest win");
                held.push(response.into_body().into_data_stream());
            }
            server.clock.advance_ms(60_000);
        }
        assert_eq!(server.app.lives.count(), 1 + server.app.limits.device_places_max);
        let older = &mut held[1_000];
        older.next().await;
        assert!(older.next().await.is_none(), "an older one is closed");
        let mut page = Phone { now: server.now(), ..mallory.clone() };
        let page = [page.message("hello")];
        server.sync(Phone { now: server.now(), ..mallory.clone() }.request(&page)).await;
        assert_eq!(of_ana.next().await.unwrap().unwrap(), format!("data: {}\n\n", server.circle));
    }

    #[tokio::test]
    async fn when_all_streams_are_taken_the_member_who_has_most_loses_the_oldest() {
        let limits = Limits { live_max: 4, ..Limits::default() };
        let server = Server::with_limits(limits).await;
        let (mallory, ana) = (server.joined(2, Role::Member).await, server.joined(3, Role::Member).await);
        let mut held = Vec::new();
        for phone in [&mallory, &mallory, &ana] {
            held.push(server.get(&address(phone)).await);
        }
        let mut phones = Vec::new();
        for seed in 4..10 {
            phones.push(server.joined(seed, Role::Member).await);
        }
        for phone in &phones {
            let response = server.get(&address(phone)).await;
            assert_eq!(response.status(), 200, "whoever comes is heard");
            held.push(response);
        }
        assert_eq!(server.app.lives.count(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_quiet_stream_shows_that_it_is_there() {
        let server = Server::new().await;
        let ana = server.enrolled(1).await;
        let mut stream = server.get(&address(&ana)).await.into_body().into_data_stream();
        stream.next().await;
        assert_eq!(stream.next().await.unwrap().unwrap(), ": still here\n\n");
    }

    #[tokio::test]
    async fn only_a_device_of_the_circle_may_listen() {
        let server = Server::new().await;
        let ana = server.enrolled(1).await;
        let stranger = Phone::new(9, ana.circle, server.now());
        let late = Phone { now: server.now().plus_ms(6 * 60_000), ..ana.clone() };
        let forged = address(&ana).replace("signature=", "signature=00");
        let other = address(&ana).replace(&format!("time={}", ana.now.0), &format!("time={}", ana.now.0 + 1));
        for (address, status) in [
            (address(&stranger), 403),
            (address(&late), 409),
            (forged, 400),
            (other, 403),
            ("/v1/live".to_owned(), 400),
            ("/v1/live?device=zz&time=1&signature=00".to_owned(), 400),
        ] {
            assert_eq!(server.get(&address).await.status(), status, "{address}");
        }
    }

    #[tokio::test]
    async fn who_was_taken_out_hears_nothing_from_then_on() {
        let server = Server::new().await;
        let (mut ana, ben) = (server.enrolled(1).await, server.joined(2, kith_shared::trust::Role::Member).await);
        let mut stream = server.get(&address(&ben)).await.into_body().into_data_stream();
        stream.next().await;
        let out = StatementBody::Remove(Remove::Device(ben.secret.id()));
        let out = server.statement(Signer::Device(&ana.secret), out).await;
        let page = ana.message("now we are among ourselves");
        server.sync(ana.stating(&[&out])).await;
        server.sync(ana.request(&[page])).await;
        assert!(stream.next().await.is_none());
        assert_eq!(server.get(&address(&ben)).await.status(), 403);
        assert_eq!(server.get(&address(&ana)).await.status(), 200);
    }
}
