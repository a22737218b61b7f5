//! `POST /v1/enrol`: a link's token and a device's keys against a place in a circle.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Extension, State};
use axum::http::{HeaderValue, Response, header};
use kith_shared::codec::Reader;
use kith_shared::ids::CircleId;
use kith_shared::storage::{CommitOutcome, Read, ReadResult, Tree};
use kith_shared::sync::{enrol, key};
use kith_shared::trust::{EnrolRequest, Invite, InviteProblem, Roster, RosterEntry, VerifiedEnrol};
use kith_shared::wire::{AnswerHeader, CircleAnswer, Frame, ProblemCode};
use tokio::time::timeout;

use crate::app::App;
use crate::pokes::Poke;
use crate::rate::Prefix;

use super::CONTENT_TYPE;
use super::door::look_at;
use super::problem::Refused;

/// Largest enrolment, in bytes.
const REQUEST_BYTES_MAX: usize = 1_024;
/// How often an enrolment is decided anew when somebody else was faster.
const CONFLICTS_MAX: usize = 16;

/// Answers an enrolment: an answer frame with the circle and its whole roster, the new device included.
pub(super) async fn handle(
    State(app): State<Arc<App>>,
    Extension(prefix): Extension<Prefix>,
    body: Body,
) -> Response<Body> {
    match respond(&app, prefix, body).await {
        Ok(response) => response,
        Err(refused) => refused.respond(&app),
    }
}

async fn respond(app: &Arc<App>, prefix: Prefix, body: Body) -> Result<Response<Body>, Refused> {
    app.rate.enrolment(prefix).map_err(|slow| Refused::slow(app, slow))?;
    let Ok(_permit) = app.requests.try_acquire() else {
        return Err(Refused::new(ProblemCode::Busy, "the server is busy: try again soon"));
    };
    let malformed = |detail: String| Refused::new(ProblemCode::Malformed, detail);
    let bytes = timeout(app.limits.idle_time, to_bytes(body, REQUEST_BYTES_MAX)).await;
    let bytes = bytes.map_err(|_| malformed("the request did not come".to_owned()))?;
    let bytes = bytes.map_err(|_| malformed("the request is too large, or was cut off".to_owned()))?;
    app.rate.received(prefix, bytes.len()).map_err(|slow| Refused::slow(app, slow))?;
    let _unproven = look_at(app).await?;
    let request = EnrolRequest::decode(&bytes).map_err(|error| malformed(error.to_string()))?;
    let verified = request.verify().map_err(refused)?;
    let (circle, device) = enrol_device(app, &verified).await?;
    tracing::info!(circle.id = %circle, device.id = %device.device.id(), "enrolled");
    app.pokes.send(Poke { circle, from: Some(device.device.id()) });
    let answer = AnswerHeader { time: app.clock.now(), circles: vec![circle_answer(app, circle).await?] };
    let frames = [Frame::Answer(answer).encode(), Frame::End { more: false }.encode()].concat();
    let mut response = Response::new(Body::from(frames));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    Ok(response)
}

async fn enrol_device(app: &App, verified: &VerifiedEnrol) -> Result<(CircleId, RosterEntry), Refused> {
    for _ in 0..CONFLICTS_MAX {
        let found = app.store.read(enrol::reads(verified.token())).await?;
        let bytes = found.into_iter().next().and_then(ReadResult::value);
        let bytes = bytes.ok_or_else(|| refused(InviteProblem::Unknown))?;
        let invite = Invite::decode(&bytes).map_err(damaged)?;
        let results = app.store.read(enrol::circle_reads(&invite, verified)).await?;
        let (batch, entry) = enrol::decide(verified, bytes, invite, results, app.clock.now()).map_err(refused)?;
        if batch.is_empty() || app.store.commit(batch).await? == CommitOutcome::Committed {
            return Ok((invite.circle, entry));
        }
    }
    Err(Refused::new(ProblemCode::Busy, "many are enrolling at once: try again soon"))
}

async fn circle_answer(app: &App, circle: CircleId) -> Result<CircleAnswer, Refused> {
    let read = Read::Range {
        tree: Tree::Roster,
        from: circle.as_bytes().to_vec(),
        to: key::after_prefix(circle.as_bytes()),
        rows_max: Roster::DEVICES_MAX,
        bytes_max: usize::MAX,
        reverse: false,
    };
    let rows = app.store.read(vec![read]).await?.into_iter().next().map(ReadResult::rows).unwrap_or_default();
    let roster = rows.iter().map(|(_, value)| RosterEntry::read(&mut Reader::new(value)));
    Ok(CircleAnswer {
        circle,
        resync: false,
        removed: false,
        roster: roster.collect::<Result<_, _>>().map_err(damaged)?,
        acks: Vec::new(),
        refused: Vec::new(),
        missing: Vec::new(),
        cursor: Vec::new(),
    })
}

fn damaged(error: kith_shared::codec::DecodeError) -> Refused {
    tracing::error!(%error, "a stored record does not decode");
    Refused::new(ProblemCode::Storage, "the server could not read its store")
}

fn refused(problem: InviteProblem) -> Refused {
    let code = match &problem {
        InviteProblem::Unknown => ProblemCode::InviteUnknown,
        InviteProblem::Expired => ProblemCode::InviteExpired,
        InviteProblem::UsedUp => ProblemCode::InviteUsed,
        InviteProblem::Key(_) => ProblemCode::Malformed,
        InviteProblem::Signature(_) => ProblemCode::Signature,
    };
    Refused::new(code, problem.to_string())
}

#[cfg(test)]
mod tests {
    use kith_shared::ids::InviteToken;
    use kith_shared::trust::{DeviceSecret, Role};

    use super::super::testing::Server;
    use super::*;

    fn request(server: &Server, token: InviteToken, seed: u8) -> Vec<u8> {
        let _ = server;
        EnrolRequest::sign(token, &DeviceSecret::from_seed([seed; 32]), [seed; 16]).encode()
    }

    #[tokio::test]
    async fn a_link_gives_a_place_and_asking_twice_is_no_error() {
        let server = Server::new().await;
        let token = server.invite(Role::Facilitator, 1).await;
        for _ in 0..2 {
            let (status, frames) = server.enrol(request(&server, token, 1)).await;
            assert_eq!(status, 200);
            let [Frame::Answer(answer), Frame::End { more: false }] = frames.as_slice() else { panic!("{frames:?}") };
            assert_eq!(answer.circles[0].circle, server.circle);
            assert_eq!(answer.circles[0].roster.len(), 1);
            assert_eq!(answer.circles[0].roster[0].role, Role::Facilitator);
        }
        let (status, frames) = server.enrol(request(&server, token, 2)).await;
        assert_eq!(status, 410);
        assert!(matches!(frames.as_slice(), [Frame::Problem(problem)] if problem.code == ProblemCode::InviteUsed));
    }

    #[tokio::test]
    async fn links_that_are_no_good_are_told_apart() {
        let server = Server::new().await;
        let unknown = server.enrol(request(&server, InviteToken([9; 16]), 1)).await;
        assert_eq!(unknown.0, 404);
        let token = server.invite(Role::Member, 5).await;
        let mut forged = request(&server, token, 1);
        let at = forged.len() - 1;
        forged[at] ^= 1;
        assert_eq!(server.enrol(forged).await.0, 403);
        assert_eq!(server.enrol(b"nonsense".to_vec()).await.0, 400);
        assert_eq!(server.enrol(vec![0; 5_000]).await.0, 400);
        server.clock.advance_ms(31 * crate::admin::invite::DAY_MS);
        let (status, frames) = server.enrol(request(&server, token, 1)).await;
        assert_eq!(status, 410);
        assert!(matches!(frames.as_slice(), [Frame::Problem(problem)] if problem.code == ProblemCode::InviteExpired));
    }

    #[tokio::test]
    async fn many_who_enrol_at_once_all_get_a_place() {
        let server = Server::new().await;
        let token = server.invite(Role::Member, 12).await;
        let all = (1..=12).map(|seed| server.enrol(request(&server, token, seed)));
        for (status, _) in futures_util::future::join_all(all).await {
            assert_eq!(status, 200);
        }
    }
}
