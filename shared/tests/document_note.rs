//! A session's note, as people write and read it.

use crate::document_support::*;
use kith_shared::document::{
    ApplyProblem, Block, BlockKind, BodyOp, CommitmentState, EditProblem, Mark, MarkSet, NOTE_UNITS_MAX, NoteField,
    Passage, Presence, Span,
};
use kith_shared::gate::{CHANGE_BYTES_MAX, CHANGE_OPS_MAX, parse_change};
use kith_shared::ids::{ActorId, MemberId};
use kith_shared::time::Day;

const HEADING: Block = Block { kind: BlockKind::Heading, level: 1, checked: false };
const TODO: Block = Block { kind: BlockKind::Todo, level: 0, checked: false };
const DONE: Block = Block { kind: BlockKind::Todo, level: 0, checked: true };
const PARAGRAPH: Block = Block { kind: BlockKind::Paragraph, level: 0, checked: false };

fn strong() -> MarkSet {
    let mut marks = MarkSet::default();
    marks.set(Mark::Strong, true);
    marks
}

fn by_whom(passages: &[Passage]) -> Vec<String> {
    let people = |authors: &[ActorId]| authors.iter().map(|author| author.0[0].to_string()).collect::<Vec<_>>();
    passages.iter().map(|one| format!("{}: {}", people(&one.authors).join(" "), one.text)).collect()
}

#[test]
fn a_word_that_two_people_wrote_is_shown_as_both_and_the_space_behind_it_parts_nothing() {
    let (mut ana, mut ben) = (open(&note(), 1), open(&note(), 2));
    assert_eq!(by_whom(&ana.passages().unwrap()), [""; 0]);
    ana.edit_body(&[splice(0, 0, "We mt at the well")]).unwrap();
    ben.apply(&commit(&mut ana)).unwrap();
    ben.edit_body(&[splice(4, 0, "e"), splice(18, 0, "  today"), splice(0, 0, "  ")]).unwrap();
    assert_eq!(by_whom(&ben.passages().unwrap()), ["1:   We ", "1 2: met ", "1: at the well  ", "2: today"]);
}

#[test]
fn heading_and_todo_of_one_and_paragraph_of_another_both_stay() {
    let (mut ana, mut ben) = (open(&note(), 1), open(&note(), 2));
    let start = [
        BodyOp::Block { index: 0, block: HEADING },
        splice(1, 0, "Session"),
        BodyOp::Block { index: 8, block: PARAGRAPH },
        splice(9, 0, "We met."),
        BodyOp::Block { index: 16, block: TODO },
        splice(17, 0, "call Rosa"),
    ];
    ana.edit_body(&start).unwrap();
    ben.apply(&commit(&mut ana)).unwrap();
    let mut page = Page::of(&ben);

    ana.edit_body(&[splice(8, 0, " on hope"), BodyOp::SetBlock { index: 24, block: DONE }]).unwrap();
    ben.edit_body(&[splice(16, 0, " It rained."), BodyOp::Mark { from: 9, to: 15, mark: Mark::Em, on: true }]).unwrap();
    page.take(&[splice(16, 0, " It rained."), BodyOp::Mark { from: 9, to: 15, mark: Mark::Em, on: true }]);
    let (from_ana, from_ben) = (commit(&mut ana), commit(&mut ben));
    ana.apply(&from_ben).unwrap();
    let delta = ben.apply(&from_ana).unwrap();
    page.take(&delta.body);

    assert_eq!(text(&ana), "¶Session on hope¶We met. It rained.¶call Rosa");
    assert_eq!(ana.note().unwrap(), ben.note().unwrap());
    assert_eq!(page, Page::of(&ben));
    assert_eq!(delta.body, [splice(8, 0, " on hope"), BodyOp::SetBlock { index: 35, block: DONE }]);
    assert!(!delta.fields);
    assert_eq!(
        by_whom(&ana.passages().unwrap()),
        ["1: \nSession on hope\nWe met. ", "2: It rained.\n", "1: call Rosa"],
        "who wrote each word"
    );
    ben.edit_body(&[splice(0, 0, "!")]).unwrap();
    assert_eq!(ben.note().unwrap().authors, [actor(2), actor(1)], "the newest first");
}

#[test]
fn a_concurrent_check_and_change_of_kind_meet_on_the_same_marker() {
    let (mut ana, mut ben) = (open(&note(), 1), open(&note(), 2));
    ana.edit_body(&[BodyOp::Block { index: 0, block: TODO }, splice(1, 0, "tea")]).unwrap();
    ben.apply(&commit(&mut ana)).unwrap();
    ana.edit_body(&[BodyOp::SetBlock { index: 0, block: DONE }]).unwrap();
    ben.edit_body(&[BodyOp::SetBlock { index: 0, block: HEADING }, splice(4, 0, "!")]).unwrap();
    exchange(&mut ana, &mut ben);
    assert_eq!(text(&ana), "¶tea!");
    ana.edit_body(&[BodyOp::SetBlock { index: 0, block: DONE }]).unwrap();
    assert_eq!(ana.note_spans().unwrap()[0], Span::Block(DONE));
}

#[test]
fn titles_written_at_the_same_time_both_show_until_someone_chooses() {
    let (mut ana, mut ben) = (open(&note(), 1), open(&note(), 2));
    ana.set_field(NoteField::Title, "Hope", NOW).unwrap();
    ben.set_field(NoteField::Title, "Rain", NOW).unwrap();
    exchange(&mut ana, &mut ben);
    let title = ana.note().unwrap().title;
    assert!(title.is_contested());
    assert_eq!(title, ben.note().unwrap().title);
    let mut seen: Vec<_> = title.candidates.iter().map(|candidate| (&*candidate.value, candidate.author)).collect();
    seen.sort();
    assert_eq!(seen, [("Hope", actor(1)), ("Rain", actor(2))]);
    assert_eq!(title.value, title.candidates[0].value);

    ben.set_field(NoteField::Title, &title.value, NOW).unwrap();
    let choice = commit(&mut ben);
    assert_eq!(choice.len(), 1, "choosing the value that shows is a choice too");
    assert!(ana.apply(&choice).unwrap().fields);
    assert_eq!(ana.note().unwrap().title.candidates.len(), 1);
    ana.set_field(NoteField::Title, &title.value, NOW).unwrap();
    assert!(!ana.has_pending(), "nothing to write");
}

#[test]
fn attendance_recorded_twice_shows_both() {
    let (mut ana, mut ben) = (open(&note(), 1), open(&note(), 2));
    let rosa = MemberId([9; 16]);
    ana.set_attendance(&rosa, Presence::Present, NOW).unwrap();
    ben.set_attendance(&rosa, Presence::Excused, NOW).unwrap();
    exchange(&mut ana, &mut ben);
    let seen = ana.note().unwrap().attendance;
    assert_eq!((seen.len(), seen[0].member, seen[0].others.len()), (1, rosa, 1));
    ana.set_attendance(&rosa, Presence::Late, NOW).unwrap();
    let seen = ana.note().unwrap().attendance;
    assert_eq!((seen[0].presence, seen[0].author, seen[0].others.len()), (Presence::Late, actor(1), 0));
    assert_eq!(ana.note_summary().unwrap().present, 1);
}

#[test]
fn agenda_and_commitments_keep_their_order_and_their_changes() {
    let (mut ana, mut ben) = (open(&note(), 1), open(&note(), 2));
    let welcome = ana.add_agenda("Welcome", NOW).unwrap();
    let round = ana.add_agenda("Round", NOW).unwrap();
    let walk = ana.add_commitment(&MemberId([4; 16]), "walk daily", Some(Day(20_707)), NOW).unwrap();
    ben.apply(&commit(&mut ana)).unwrap();
    ben.set_agenda(&welcome, "Welcome", true, NOW).unwrap();
    ben.set_commitment(&walk, CommitmentState::Kept, NOW).unwrap();
    ana.set_agenda(&welcome, "Welcome and tea", false, NOW).unwrap();
    ana.remove_agenda(&round, NOW).unwrap();
    exchange(&mut ana, &mut ben);
    let view = ben.note().unwrap();
    assert_eq!(view, ana.note().unwrap());
    assert_eq!((view.agenda.len(), &*view.agenda[0].text.value, view.agenda[0].done), (1, "Welcome and tea", true));
    assert_eq!(view.commitments[0].state, CommitmentState::Kept);
    assert_eq!(view.commitments[0].due, Some(Day(20_707)));
    assert_eq!(ana.set_agenda(&round, "x", true, NOW), Err(EditProblem::Unknown));
    ben.remove_commitment(&walk, NOW).unwrap();
    assert!(ben.note().unwrap().commitments.is_empty());
    commit(&mut ben);
}

#[test]
fn indices_count_utf16_units() {
    let mut ana = open(&note(), 1);
    ana.edit_body(&[splice(0, 0, "a😀é👩‍👧!")]).unwrap();
    assert_eq!(ana.note_units().unwrap(), "a😀é👩‍👧!".encode_utf16().count());
    ana.edit_body(&[splice(3, 1, "e"), splice(1, 2, ""), BodyOp::Block { index: 1, block: TODO }]).unwrap();
    assert_eq!(text(&ana), "a¶e👩‍👧!");
    ana.edit_body(&[splice(3, 2, "")]).unwrap();
    assert_eq!(text(&ana), "a¶e\u{200d}👧!", "half a joined emoji may go, half a surrogate pair may not");
    ana.edit_body(&[splice(0, 0, "\u{fffc}\u{feff}")]).unwrap();
    assert_eq!(text(&ana), "\u{fffc}\u{feff}a¶e\u{200d}👧!", "an object replacement character is text");
    commit(&mut ana);
}

#[test]
fn edits_that_do_not_fit_are_named_and_change_nothing() {
    use EditProblem::*;
    let mut ana = open(&note(), 1);
    ana.edit_body(&[splice(0, 0, "a😀"), BodyOp::Block { index: 3, block: TODO }]).unwrap();
    commit(&mut ana);
    let before = Page::of(&ana);
    let wrong = [
        (splice(5, 0, "x"), OutOfBounds { at: 5, len: 4 }),
        (splice(0, 5, ""), OutOfBounds { at: 5, len: 4 }),
        (splice(1, usize::MAX, ""), OutOfBounds { at: usize::MAX, len: 4 }),
        (splice(2, 0, "x"), InsideCharacter { at: 2 }),
        (splice(0, 2, ""), InsideCharacter { at: 2 }),
        (BodyOp::Block { index: 9, block: TODO }, OutOfBounds { at: 9, len: 4 }),
        (BodyOp::SetBlock { index: 0, block: TODO }, NotABlock { at: 0 }),
        (BodyOp::SetBlock { index: 4, block: TODO }, NotABlock { at: 4 }),
        (BodyOp::Block { index: 0, block: Block { level: 4, ..HEADING } }, InvalidBlock),
        (BodyOp::Block { index: 0, block: Block { level: 1, ..TODO } }, InvalidBlock),
        (BodyOp::SetBlock { index: 3, block: Block { checked: true, ..PARAGRAPH } }, InvalidBlock),
        (BodyOp::Mark { from: 0, to: 5, mark: Mark::Em, on: true }, OutOfBounds { at: 5, len: 4 }),
        (BodyOp::Mark { from: 1, to: 0, mark: Mark::Em, on: true }, Backwards { from: 1, to: 0 }),
        (BodyOp::Mark { from: 0, to: 2, mark: Mark::Em, on: true }, InsideCharacter { at: 2 }),
        (splice(0, 0, &"x".repeat(NOTE_UNITS_MAX)), Full { what: "characters in the note", max: NOTE_UNITS_MAX }),
    ];
    for (op, problem) in wrong {
        // The first edit is right; it must not be made either, and the indices above are those before it.
        let ops = [BodyOp::Mark { from: 0, to: 1, mark: Mark::Strong, on: true }, op.clone()];
        assert_eq!(ana.edit_body(&ops), Err(problem), "{op:?}");
        assert!(!ana.has_pending());
        assert_eq!(Page::of(&ana), before);
    }
    assert_eq!(ana.post(NOW, &kith_shared::ids::BodyId([0; 32]), &COMMITMENT, None), Err(WrongKind));
    assert_eq!(ana.set_field(NoteField::Place, &"x".repeat(201), NOW), Err(TooLong { what: "the place", over: 1 }));
    assert_eq!(ana.add_agenda(" ", NOW), Err(Empty { what: "the agenda item" }));
}

#[test]
fn a_mark_that_changes_nothing_is_not_written() {
    let mut ana = open(&note(), 1);
    ana.edit_body(&[splice(0, 0, "hello"), BodyOp::Mark { from: 0, to: 5, mark: Mark::Strong, on: true }]).unwrap();
    commit(&mut ana);
    ana.edit_body(&[BodyOp::Mark { from: 1, to: 3, mark: Mark::Strong, on: true }]).unwrap();
    ana.edit_body(&[BodyOp::Mark { from: 0, to: 5, mark: Mark::Em, on: false }]).unwrap();
    ana.edit_body(&[BodyOp::Mark { from: 2, to: 2, mark: Mark::Em, on: true }]).unwrap();
    assert!(!ana.has_pending());
    // The page says marks of new text in full; text typed at the edge of strong text is strong already.
    ana.edit_body(&[splice(5, 0, "!"), BodyOp::Mark { from: 5, to: 6, mark: Mark::Strong, on: true }]).unwrap();
    assert_eq!(ana.note_spans().unwrap(), [Span::Text { text: "hello!".into(), marks: strong() }]);
    let change = &commit(&mut ana)[0];
    assert_eq!(parse_change(change).unwrap().ops_count, 1);
    ana.edit_body(&[splice(6, 0, "?"), BodyOp::Mark { from: 6, to: 7, mark: Mark::Strong, on: false }]).unwrap();
    assert_eq!(ana.note_spans().unwrap()[1], Span::Text { text: "?".into(), marks: MarkSet::default() });
}

#[test]
fn words_typed_into_a_range_that_someone_marks_or_removes_stay() {
    let (mut ana, mut ben) = (open(&note(), 1), open(&note(), 2));
    ana.edit_body(&[splice(0, 0, "we walked home")]).unwrap();
    ben.apply(&commit(&mut ana)).unwrap();
    ana.edit_body(&[splice(3, 0, "all ")]).unwrap();
    ben.edit_body(&[BodyOp::Mark { from: 0, to: 14, mark: Mark::Strong, on: true }]).unwrap();
    exchange(&mut ana, &mut ben);
    assert_eq!(ana.note_spans().unwrap(), [Span::Text { text: "we all walked home".into(), marks: strong() }]);
    ana.edit_body(&[splice(0, 18, "")]).unwrap();
    ben.edit_body(&[splice(14, 0, "back ")]).unwrap();
    exchange(&mut ana, &mut ben);
    assert_eq!(text(&ben), "back ");
}

#[test]
fn a_large_paste_becomes_several_changes_that_the_gate_takes() {
    let paragraph = "Es war ein langer Abend – und ein guter. 😀 ";
    for (unit, bytes) in [("plain words again ", 100_000), (paragraph, 50_000), ("😀", 100_000)] {
        let paste = unit.repeat(bytes / unit.len());
        let (mut ana, mut ben) = (open(&note(), 1), open(&note(), 2));
        ana.edit_body(&[splice(0, 0, &paste)]).unwrap();
        let changes = commit(&mut ana);
        assert!(changes.len() > 6, "{}", changes.len());
        for change in &changes {
            assert!(change.len() <= CHANGE_BYTES_MAX && parse_change(change).unwrap().ops_count <= CHANGE_OPS_MAX);
        }
        ben.apply(&changes).unwrap();
        assert_eq!(text(&ben), paste);
        let units = ben.note_units().unwrap();
        ben.edit_body(&[splice(0, units, "short")]).unwrap();
        ana.apply(&commit(&mut ben)).unwrap();
        assert_eq!(text(&ana), "short");
    }
}

#[test]
fn removing_what_was_typed_here_and_there_stays_within_the_caps() {
    let mut dice = Dice(7);
    let (mut ana, mut ben) = (open(&note(), 1), open(&note(), 2));
    for _ in 0..4 {
        for phone in [&mut ana, &mut ben] {
            let ops: Vec<BodyOp> = (0..300)
                .map(|typed| match phone.note_units().unwrap() + typed {
                    0 => splice(0, 0, "x"),
                    units => splice(dice.roll(units), 0, "x"),
                })
                .collect();
            phone.edit_body(&ops).unwrap();
        }
        exchange(&mut ana, &mut ben);
    }
    let units = ana.note_units().unwrap();
    ana.edit_body(&[splice(0, units, "")]).unwrap();
    let changes = commit(&mut ana);
    let largest = changes.iter().map(Vec::len).max().unwrap();
    println!("{} changes, the largest of {largest} B", changes.len());
    assert!(largest <= CHANGE_BYTES_MAX);
    ben.apply(&changes).unwrap();
    assert_eq!(text(&ben), "");
}

#[test]
fn pending_edits_guard_against_changes_from_elsewhere() {
    let (mut ana, mut ben) = (open(&note(), 1), open(&note(), 2));
    ana.edit_body(&[splice(0, 0, "a")]).unwrap();
    let first = commit(&mut ana);
    ana.edit_body(&[splice(1, 0, "b")]).unwrap();
    let second = commit(&mut ana);
    ben.edit_body(&[splice(0, 0, "c")]).unwrap();
    assert_eq!(ben.apply(&first), Err(ApplyProblem::Pending));
    let own = commit(&mut ben);
    assert_eq!(ben.apply(&[vec![1, 2, 3]]), Err(ApplyProblem::Malformed { index: 0 }));
    assert_eq!(ben.apply(&second), Err(ApplyProblem::MissingDependency));
    ben.apply(&first).unwrap();
    assert!(ben.apply(&first).unwrap().is_empty(), "what is here already is skipped");
    assert!(ben.apply(&own).unwrap().is_empty(), "own changes too");
    assert!(matches!(&*text(&ben), "abc" | "cab"));
}

#[test]
fn an_excerpt_is_the_first_words() {
    let mut ana = open(&note(), 1);
    let ops =
        [BodyOp::Block { index: 0, block: HEADING }, splice(1, 0, "One  "), BodyOp::Block { index: 6, block: TODO }];
    ana.edit_body(&ops).unwrap();
    ana.edit_body(&[splice(7, 0, &"é".repeat(200))]).unwrap();
    let excerpt = ana.note_summary().unwrap().excerpt;
    assert!(excerpt.starts_with("One éé") && excerpt.ends_with('…'), "{excerpt}");
    assert_eq!(excerpt.chars().count(), 120);
}

#[test]
fn a_reopened_note_says_the_same() {
    let mut ana = open(&note(), 1);
    let mut stored = Vec::new();
    for round in 0..5 {
        ana.edit_body(&[splice(0, 0, "word "), BodyOp::Block { index: 0, block: TODO }]).unwrap();
        ana.set_field(NoteField::Place, &format!("room {round}"), NOW).unwrap();
        stored.append(&mut commit(&mut ana));
    }
    stored.reverse();
    let mut again = kith_shared::document::Handle::open(&CIRCLE, &note(), actor(1), &stored).unwrap();
    assert_eq!(again.note().unwrap(), ana.note().unwrap());
    assert_eq!(again.heads(), ana.heads());
    again.edit_body(&[splice(0, 0, "on")]).unwrap();
    let next = commit(&mut again);
    assert_eq!(parse_change(&next[0]).unwrap().seq, 6);
}
