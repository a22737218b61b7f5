use kith_shared::document::{
    Block, BlockKind, BodyOp, CommitmentState, DocumentName, EditProblem, Handle, Mark, NoteField, Presence, Subject,
};
use kith_shared::ids::MemberId;
use kith_shared::time::{Day, TimestampMs};
use kith_shared::wire::Entry;

use super::DemoError;
use super::paper::Paper;
use super::people::Group;
use super::random::Random;
use super::words::{BULLETS, CHECK_INS, CLOSINGS, COMMITMENTS, DEEPER, NAMES, OPENINGS, PLACES, THEMES, TODOS};

const MINUTE_MS: u64 = 60_000;

/// Builds a note's body from its start.
#[derive(Default)]
struct Body {
    ops: Vec<BodyOp>,
    at: usize,
}

impl Body {
    fn block(&mut self, kind: BlockKind, text: &str, checked: bool) {
        let level = if kind == BlockKind::Heading { 2 } else { 0 };
        self.ops.push(BodyOp::Block { index: self.at, block: Block { kind, level, checked } });
        self.at += 1;
        self.text(text);
    }

    fn text(&mut self, text: &str) -> (usize, usize) {
        let from = self.at;
        self.ops.push(BodyOp::Splice { index: from, remove: 0, text: text.to_owned() });
        self.at += text.encode_utf16().count();
        (from, self.at)
    }

    fn marked(&mut self, text: &str, mark: Mark) {
        let (from, to) = self.text(text);
        self.ops.push(BodyOp::Mark { from, to, mark, on: true });
    }
}

/// The note of a session: the facilitator writes it, and two members add something of their own.
pub(super) fn session(
    group: &Group,
    (number, day): (usize, Day),
    random: &mut Random,
) -> Result<Vec<Entry>, DemoError> {
    let name = DocumentName::new(Subject::SessionNote { day, ordinal: 0 });
    let (people, members) = (&group.devices, &group.members);
    let mut paper = Paper::new(group, name);
    let evening = TimestampMs(u64::from(day.0) * 86_400_000 + 18 * 3_600_000 + 30 * MINUTE_MS);
    let (theme, again) = (&THEMES[number % THEMES.len()], number >= THEMES.len());
    let title = if again { format!("{}, once more", theme.title) } else { theme.title.to_owned() };
    let count = 7 + usize::try_from(random.below(5)).unwrap_or(0);
    let there = random.some(count, people.len());
    let body = body(theme.text, again, &there, random);
    let place = random.pick(&PLACES);
    let absent: Vec<Presence> =
        (0..people.len()).map(|_| random.pick(&[Presence::Absent, Presence::Excused])).collect();
    let late = there.last().copied();
    paper.write(0, evening, |handle| {
        handle.set_field(NoteField::Title, &title, evening)?;
        handle.set_field(NoteField::Place, place, evening)?;
        for text in ["Arriving", "Round: how was the week?", theme.title, "What we take home"] {
            let item = handle.add_agenda(text, evening)?;
            handle.set_agenda(&item, text, true, evening)?;
        }
        for (at, member) in members.iter().enumerate() {
            let presence = match there.contains(&at) || at == 0 {
                true if Some(at) == late && at != 0 => Presence::Late,
                true => Presence::Present,
                false => absent[at],
            };
            handle.set_attendance(member, presence, evening)?;
        }
        Ok::<_, EditProblem>(())
    })?;
    let written = evening.plus_ms(120 * MINUTE_MS);
    paper.write(0, written, |handle| handle.edit_body(&body.ops))?;
    for (nth, person) in there.iter().filter(|person| **person != 0).take(3).enumerate() {
        let at = written.plus_ms((nth as u64 + 1) * 47 * MINUTE_MS);
        let kept = random.percent(70);
        let text = random.pick(&COMMITMENTS);
        let due = Day(day.0 + 7);
        paper.write(*person, at, |handle| commit(handle, &members[*person], text, due, kept, at))?;
    }
    Ok(paper.into_entries())
}

fn commit(
    handle: &mut Handle,
    member: &MemberId,
    text: &str,
    due: Day,
    kept: bool,
    now: TimestampMs,
) -> Result<(), EditProblem> {
    let item = handle.add_commitment(member, text, Some(due), now)?;
    if kept { handle.set_commitment(&item, CommitmentState::Kept, now) } else { Ok(()) }
}

fn body(theme: &str, again: bool, there: &[usize], random: &mut Random) -> Body {
    let mut body = Body::default();
    let opening = filled(random.pick(&OPENINGS), there, random);
    body.block(BlockKind::Paragraph, &opening, false);
    body.block(BlockKind::Heading, "How we came", false);
    for (nth, at) in random.some(7, CHECK_INS.len()).into_iter().enumerate() {
        let person = there[nth % there.len()];
        body.block(BlockKind::Paragraph, "", false);
        let text = CHECK_INS[at].replace("{b}", NAMES[there[(nth + 3) % there.len()]]);
        let (name, rest) = text.split_once("{a}").map_or(("", text.as_str()), |(_, rest)| (NAMES[person], rest));
        body.marked(name, Mark::Strong);
        body.text(rest);
    }
    body.block(BlockKind::Heading, "What we talked about", false);
    let lead = if again { "We came back to this subject, because it had stayed with us. " } else { "" };
    body.block(BlockKind::Paragraph, &format!("{lead}{theme}"), false);
    for at in random.some(4, DEEPER.len()) {
        let text = filled(DEEPER[at], there, random);
        body.block(BlockKind::Paragraph, &text, false);
    }
    body.block(BlockKind::Heading, "What helps some of us", false);
    for at in random.some(5, BULLETS.len()) {
        body.block(BlockKind::Bullet, BULLETS[at], false);
    }
    body.block(BlockKind::Heading, "Until next time", false);
    for at in random.some(4, TODOS.len()) {
        let (text, done) = (filled(TODOS[at], there, random), random.percent(60));
        body.block(BlockKind::Todo, &text, done);
    }
    body.block(BlockKind::Paragraph, "", false);
    let closing = filled(random.pick(&CLOSINGS), there, random);
    body.marked(&closing, Mark::Em);
    body
}

fn filled(text: &str, there: &[usize], random: &mut Random) -> String {
    let pair = random.some(2, there.len());
    text.replace("{a}", NAMES[there[pair[0]]]).replace("{b}", NAMES[there[pair[1]]])
}
