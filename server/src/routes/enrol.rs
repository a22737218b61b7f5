//! `POST /v1/enrol`: the way into a circle, or back into one, for a phone that is in none.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::{HeaderValue, Response, header};
use kith_shared::codec::DecodeError;
use kith_shared::ids::{CircleId, DeviceId, InviteKey};
use kith_shared::storage::{CommitOutcome, ReadResult};
use kith_shared::sync::enrol::{self, EnrolProblem, Welcome};
use kith_shared::sync::statements::CircleChain;
use kith_shared::trust::{EnrolRequest, InviteRow, RequestProblem, Signed, Statement, StatementProblem};
use kith_shared::wire::{CircleAnswer, Frame, ProblemCode};

use crate::app::App;
use crate::caller::Caller;
use crate::rate::Prefix;

use super::CONTENT_TYPE;
use super::door::look_at;
use super::exchange::commit;
use super::problem::Refused;
use super::upload::Upload;

/// Largest enrolment, in bytes.
const REQUEST_BYTES_MAX: usize = 1_024;
/// How often an enrolment is decided anew when somebody else was faster.
const CONFLICTS_MAX: usize = 16;

/// Answers an enrolment: an answer frame with the circle, or circles, and for whoever is in their statements.
pub(super) async fn handle(
    State(app): State<Arc<App>>,
    Extension(prefix): Extension<Prefix>,
    Extension(caller): Extension<Caller>,
    body: Body,
) -> Response<Body> {
    match respond(&app, prefix, Upload::new(&app, &caller.line, body)).await {
        Ok(response) => response,
        Err(refused) => refused.respond(&app),
    }
}

async fn respond(app: &Arc<App>, prefix: Prefix, upload: Upload) -> Result<Response<Body>, Refused> {
    app.rate.enrolment(prefix).map_err(|slow| Refused::slow(app, slow))?;
    let malformed = |detail: String| Refused::new(ProblemCode::Malformed, detail);
    let bytes = upload.whole(REQUEST_BYTES_MAX).await?;
    app.rate.received(prefix, bytes.len()).map_err(|slow| Refused::slow(app, slow))?;
    let _unproven = look_at(app, prefix).await?;
    let request = EnrolRequest::decode(&bytes).map_err(|error| malformed(error.to_string()))?;
    let request = request.verify(app.clock.now()).map_err(|problem| {
        let code = match problem {
            RequestProblem::ClockSkew { .. } => ProblemCode::Clock,
            RequestProblem::Signature => ProblemCode::Signature,
        };
        Refused::new(code, problem.to_string())
    })?;
    let circles = match request.into_inner() {
        EnrolRequest::Join { join: statement, .. } => vec![join(app, *statement).await?],
        EnrolRequest::Find { invite, .. } => vec![find(app, &invite).await?],
        EnrolRequest::Return { device, .. } => come_back(app, &device.id()).await?,
    };
    let frames = enrol::frames(app.clock.now(), circles);
    let mut response = Response::new(Body::from(frames.iter().flat_map(Frame::encode).collect::<Vec<u8>>()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    Ok(response)
}

/// Admits a Join, and gives whoever comes in the circle's chain. Whether the invite's row is there still says nothing:
/// it is forgotten once nobody more comes in by it, and the chain tells why.
async fn join(app: &Arc<App>, statement: Signed<Statement>) -> Result<CircleAnswer, Refused> {
    let (invite, device) = enrol::newcomer_of(&statement).map_err(refused)?;
    let circle = invite_row(app, &invite).await?.map_or(statement.claimed_circle(), |row| row.circle);
    for _ in 0..CONFLICTS_MAX {
        let (mut chain, now) = (load(app, circle).await?, app.clock.now());
        enrol::join(&mut chain, statement.clone(), &app.keys, now).map_err(refused)?;
        if !chain.has_news() {
            return welcome(app, chain, device).await;
        }
        if commit(app, chain.batch().0, Some(device)).await? == CommitOutcome::Committed {
            tracing::info!(circle.id = %circle, device.id = %device, "enrolled");
            return welcome(app, chain, device).await;
        }
    }
    Err(Refused::new(ProblemCode::Busy, "many are enrolling at once: try again soon"))
}

/// What a device is told of a circle that it is in, as the store holds it.
async fn welcome(app: &App, mut chain: CircleChain, device: DeviceId) -> Result<CircleAnswer, Refused> {
    let circle = *chain.circle();
    for _ in 0..CONFLICTS_MAX {
        let welcome = Welcome::new(chain, device);
        let found = app.store.read(welcome.reads()).await?;
        if let Some(answer) = welcome.answer(found, &app.keys, app.clock.now()).map_err(damaged)? {
            return Ok(answer);
        }
        chain = load(app, circle).await?;
    }
    Err(Refused::new(ProblemCode::Busy, "many are enrolling at once: try again soon"))
}

/// Names an invite's circle.
async fn find(app: &App, invite: &InviteKey) -> Result<CircleAnswer, Refused> {
    let row = invite_row(app, invite).await?.ok_or_else(|| refused(EnrolProblem::Unknown))?;
    if app.clock.now() >= row.expires { Err(refused(EnrolProblem::Expired)) } else { Ok(CircleAnswer::of(row.circle)) }
}

/// The row of an invite; none when there never was one, or it is good for nobody any more.
async fn invite_row(app: &App, invite: &InviteKey) -> Result<Option<InviteRow>, Refused> {
    let found = app.store.read(enrol::reads(invite)).await?;
    let Some(bytes) = found.into_iter().next().and_then(ReadResult::value) else { return Ok(None) };
    InviteRow::decode(&bytes).map(Some).map_err(damaged)
}

/// The circles of a device: of those where it is active, the chain.
async fn come_back(app: &App, device: &DeviceId) -> Result<Vec<CircleAnswer>, Refused> {
    let rows = app.store.read(vec![enrol::circles_of(device)]).await?.into_iter().next();
    let rows = rows.map(ReadResult::rows).unwrap_or_default();
    let mut circles = Vec::new();
    for circle in rows.iter().filter_map(|(key, _)| CircleId::from_slice(key.get(DeviceId::LEN..)?)) {
        circles.push(welcome(app, load(app, circle).await?, *device).await?);
    }
    if circles.is_empty() {
        return Err(Refused::new(ProblemCode::UnknownDevice, "the code is of no circle here"));
    }
    Ok(circles)
}

async fn load(app: &App, circle: CircleId) -> Result<CircleChain, Refused> {
    CircleChain::load(circle, app.store.read(enrol::circle_reads(&circle)).await?).map_err(damaged)
}

fn damaged(error: DecodeError) -> Refused {
    tracing::error!(%error, "a stored record does not decode");
    Refused::new(ProblemCode::Storage, "the server could not read its store")
}

fn refused(problem: EnrolProblem) -> Refused {
    let code = match &problem {
        EnrolProblem::Unknown => ProblemCode::InviteUnknown,
        EnrolProblem::Expired => ProblemCode::InviteExpired,
        EnrolProblem::UsedUp => ProblemCode::InviteUsed,
        EnrolProblem::Withdrawn => ProblemCode::InviteWithdrawn,
        EnrolProblem::Out => ProblemCode::UnknownDevice,
        EnrolProblem::Statement(StatementProblem::BadSignature) => ProblemCode::Signature,
        EnrolProblem::Statement(_) => ProblemCode::Malformed,
    };
    Refused::new(code, problem.to_string())
}

#[cfg(test)]
mod tests {
    use kith_shared::trust::{DeviceSecret, InviteSecret, MemberState, Remove, Role, Signer, StatementBody};

    use super::super::testing::{Phone, Server, opened};
    use super::*;
    use crate::admin::invite::{DAY_MS, InviteTerms, Issuer, prune};

    fn phone(server: &Server, seed: u8) -> Phone {
        Phone::new(seed, server.circle, server.now())
    }

    fn problem(frames: &[Frame]) -> ProblemCode {
        let [Frame::Problem(problem)] = frames else { panic!("{frames:?}") };
        problem.code
    }

    #[tokio::test]
    async fn a_link_gives_a_place_and_asking_twice_is_no_error() {
        let server = Server::new().await;
        let link = server.invite(Role::Facilitator, 1).await;
        for _ in 0..2 {
            let (status, frames) = server.enrol(phone(&server, 1).join(&link)).await;
            assert_eq!(status, 200);
            let [Frame::Answer(answer), Frame::End { more: false }] = frames.as_slice() else { panic!("{frames:?}") };
            assert_eq!((answer.circles[0].circle, answer.circles[0].state), (server.circle, MemberState::Active));
            assert_eq!(answer.circles[0].records.len(), 3, "founded, invited, joined");
        }
        let chain = server.chain().await;
        assert_eq!((chain.standing().members().count(), chain.standing().devices().count()), (1, 1));
        let record = chain.standing().device(&phone(&server, 1).secret.id()).unwrap();
        assert_eq!(record.role, Role::Facilitator);
        let (status, frames) = server.enrol(phone(&server, 2).join(&link)).await;
        assert_eq!((status.as_u16(), problem(&frames)), (410, ProblemCode::InviteUsed));
    }

    #[tokio::test]
    async fn a_lost_answer_is_given_again_after_the_link_was_used_up_ran_out_and_was_forgotten() {
        let server = Server::new().await;
        let link = server.invite(Role::Member, 1).await;
        let first = server.enrol(phone(&server, 1).join(&link)).await;
        assert_eq!(prune(server.app.store.as_ref(), server.now()).await, Ok(1), "used up");
        assert_eq!(server.enrol(phone(&server, 1).join(&link)).await, first);
        let (status, frames) = server.enrol(phone(&server, 2).join(&link)).await;
        assert_eq!((status.as_u16(), problem(&frames)), (410, ProblemCode::InviteUsed));
        server.clock.advance_ms(31 * DAY_MS);
        let (status, frames) = server.enrol(phone(&server, 1).join(&link)).await;
        assert_eq!((status.as_u16(), &Phone::answer(&frames).records), (200, &Phone::answer(&first.1).records));
        let (status, frames) = server.enrol(phone(&server, 2).join(&link)).await;
        assert_eq!((status.as_u16(), problem(&frames)), (410, ProblemCode::InviteExpired));
        assert_eq!(server.chain().await.standing().members().count(), 1);
    }

    #[tokio::test]
    async fn links_that_are_no_good_are_told_apart() {
        let server = Server::new().await;
        let unknown = server.enrol(phone(&server, 1).join(&InviteSecret([9; 16]))).await;
        assert_eq!((unknown.0.as_u16(), problem(&unknown.1)), (404, ProblemCode::InviteUnknown));
        let link = server.invite(Role::Member, 5).await;
        let mut forged = opened(phone(&server, 1).join_statement(&link));
        forged.signature.0[0] ^= 1;
        let forged = Signed::new(forged);
        let (status, frames) =
            server.enrol(EnrolRequest::join(forged, &phone(&server, 1).secret, server.now()).encode()).await;
        assert_eq!((status.as_u16(), problem(&frames)), (403, ProblemCode::Signature));
        let elsewhere = Phone { circle: CircleId([1; 16]), ..phone(&server, 1) };
        let (_, frames) = server.enrol(elsewhere.join(&link)).await;
        let [Frame::Problem(said)] = frames.as_slice() else { panic!("{frames:?}") };
        assert_eq!(said.code, ProblemCode::Malformed);
        assert_eq!(said.detail, StatementProblem::WrongCircle.to_string());
        assert_eq!(server.enrol(b"nonsense".to_vec()).await.0, 400);
        assert_eq!(server.enrol(vec![0; 5_000]).await.0, 413);
        server.clock.advance_ms(31 * DAY_MS);
        let (status, frames) = server.enrol(phone(&server, 1).join(&link)).await;
        assert_eq!((status.as_u16(), problem(&frames)), (410, ProblemCode::InviteExpired));
        let (_, frames) = server.enrol(EnrolRequest::find(&link, server.now()).encode()).await;
        assert_eq!(problem(&frames), ProblemCode::InviteExpired);
    }

    #[tokio::test]
    async fn many_who_enrol_at_once_all_get_a_place_of_their_own() {
        let server = Server::new().await;
        let link = server.invite(Role::Member, 12).await;
        let all = (1..=12).map(|seed| server.enrol(phone(&server, seed).join(&link)));
        for (status, _) in futures_util::future::join_all(all).await {
            assert_eq!(status, 200);
        }
        assert_eq!(server.chain().await.standing().members().count(), 12);
        assert_eq!(server.enrol(phone(&server, 13).join(&link)).await.0, 410);
    }

    #[tokio::test]
    async fn a_short_code_finds_its_circle_and_learns_nothing_else() {
        let server = Server::new().await;
        let link = server.invite(Role::Member, 5).await;
        let (status, frames) = server.enrol(EnrolRequest::find(&link, server.now()).encode()).await;
        assert_eq!(status, 200);
        assert_eq!(Phone::answer(&frames), &CircleAnswer::of(server.circle));
        let late = server.now().plus_ms(6 * 60_000);
        let (status, frames) = server.enrol(EnrolRequest::find(&link, late).encode()).await;
        assert_eq!((status.as_u16(), problem(&frames)), (409, ProblemCode::Clock));
        let mut forged = EnrolRequest::find(&link, server.now());
        if let EnrolRequest::Find { signature, .. } = &mut forged {
            signature.0[3] ^= 1;
        }
        assert_eq!(server.enrol(forged.encode()).await.0, 403);
        let (status, _) = server.enrol(EnrolRequest::find(&InviteSecret([3; 16]), server.now()).encode()).await;
        assert_eq!(status, 404);
    }

    #[tokio::test]
    async fn who_comes_back_gets_the_chains_of_circles_that_they_are_in() {
        let server = Server::new().await;
        let ana = server.joined(1, Role::Member).await;
        let back = || EnrolRequest::come_back(&ana.secret, server.now()).encode();
        let (status, frames) = server.enrol(back()).await;
        assert_eq!(status, 200);
        let known: Vec<Vec<u8>> = server.chain().await.rows().iter().map(|row| row.statement.clone()).collect();
        assert_eq!(Phone::texts(&frames), known);
        let stranger = EnrolRequest::come_back(&DeviceSecret::from_seed([9; 32]), server.now()).encode();
        assert_eq!(server.enrol(stranger).await.0, 403);
        let remove = StatementBody::Remove(Remove::Device(ana.secret.id()));
        server.state(&server.statement(Signer::Root(&server.root), remove).await).await;
        let (_, frames) = server.enrol(back()).await;
        let answer = Phone::answer(&frames);
        assert_eq!((answer.state, answer.records.len()), (MemberState::Removed, 0));
    }

    #[tokio::test]
    async fn a_chain_that_fits_no_frame_goes_on_in_the_next_one() {
        let server = Server::new().await;
        let leader = server.enrolled(1).await;
        let terms = InviteTerms { role: Role::Member, uses: 9, expires: server.now().plus_ms(DAY_MS) };
        let issuer = Issuer { signer: Signer::Device(&leader.secret), past: &[] };
        let edit = |chain: &mut CircleChain| {
            for number in 0..900_u16 {
                let mut secret = InviteSecret([0x55; 16]);
                secret.0[..2].copy_from_slice(&number.to_le_bytes());
                crate::admin::invite::state(
                    chain,
                    &server.app.keys,
                    &issuer,
                    server.circle,
                    &secret,
                    terms,
                    server.now(),
                )?;
            }
            Ok(())
        };
        crate::admin::chain::edit(server.app.store.as_ref(), server.circle, server.now(), edit).await.unwrap();
        let link = server.invite(Role::Member, 2).await;
        let (status, frames) = server.enrol(phone(&server, 2).join(&link)).await;
        assert_eq!(status, 200);
        let parts: Vec<&CircleAnswer> = frames
            .iter()
            .filter_map(|frame| if let Frame::Answer(answer) = frame { Some(&answer.circles[0]) } else { None })
            .collect();
        assert!(parts.len() > 1, "{} records", parts[0].records.len());
        let mut next = 1;
        for part in parts {
            assert_eq!(part.from, next);
            next += part.records.len() as u64;
        }
        assert_eq!(next, server.end().await.position + 1);
    }
}
