use super::request::STALL_MS;
use super::*;

const NOW: SteadyMs = SteadyMs(1_000_000);

fn offline() -> Problem {
    Problem::new(ProblemCode::Offline, "no connection")
}

fn sent(exchange: &mut Exchange, bytes: usize) {
    exchange.begin();
    exchange.note_sent(Request::new(HttpId(7), NOW, bytes), TimestampMs(1));
}

#[test]
fn a_request_without_an_answer_is_given_up_later_the_more_it_carries() {
    for bytes in [0, 1_000_000] {
        let mut exchange = Exchange::default();
        sent(&mut exchange, bytes);
        let due = exchange.due().unwrap();
        assert_eq!(due, NOW.plus_ms(STALL_MS + bytes as u64));
        assert!(!exchange.take_due(NOW.plus_ms(STALL_MS - 1)) && exchange.take_due(due) && !exchange.take_due(due));
    }
}

#[test]
fn each_failure_doubles_the_wait_up_to_the_longest() {
    let mut exchange = Exchange::default();
    let mut waits = Vec::new();
    for _ in 0..12 {
        sent(&mut exchange, 0);
        let failed = exchange.fail(offline(), false, 0, NOW);
        assert_eq!((failed.abort, exchange.is_running()), (Some(HttpId(7)), false));
        waits.push(exchange.due().unwrap().since_ms(NOW));
    }
    assert_eq!(waits[..3], [RETRY_FIRST_MS, 2 * RETRY_FIRST_MS, 4 * RETRY_FIRST_MS]);
    assert_eq!(waits[11], RETRY_LONGEST_MS);
    sent(&mut exchange, 0);
    assert!(!exchange.end(Some(TimestampMs(5))) && exchange.problem().is_none());
    exchange.fail(offline(), false, 0, NOW);
    assert_eq!(exchange.due(), Some(NOW.plus_ms(RETRY_FIRST_MS)), "after one that came to its end");
}

#[test]
fn whoever_is_out_asks_once_a_day() {
    let (mut exchange, circle) = (Exchange::default(), CircleId([1; 16]));
    assert!(exchange.asks_about_out(&circle, NOW));
    exchange.note_asked_out(circle, NOW);
    assert!(!exchange.asks_about_out(&circle, NOW.plus_ms(OUT_ASKED_EVERY_MS - 1)));
    exchange.rest(None, &[circle], NOW);
    assert_eq!(exchange.due(), Some(NOW.plus_ms(OUT_ASKED_EVERY_MS)));
    exchange.wait(CommandId(1));
    assert!(exchange.asks_about_out(&circle, NOW), "its person asks");
    let removed = Problem::new(ProblemCode::Removed, "out");
    exchange.fail(removed, true, 0, NOW);
    assert_eq!(exchange.due(), Some(NOW.plus_ms(OUT_ASKED_EVERY_MS)));
}

#[test]
fn what_sticks_moves_no_cursor_until_the_next_exchange() {
    let (mut exchange, one, other) = (Exchange::default(), CircleId([1; 16]), CircleId([2; 16]));
    sent(&mut exchange, 0);
    let cursors = || [(one, vec![1]), (other, vec![2])].into_iter();
    exchange.lead_to(cursors(), &SortedSet::new());
    exchange.stick(one);
    assert!(exchange.is_stuck(&one) && !exchange.is_stuck(&other));
    assert_eq!(exchange.request().unwrap().cursors().keys().copied().collect::<Vec<_>>(), [other]);
    assert!(exchange.end(None), "it is asked about again");
    sent(&mut exchange, 0);
    assert!(!exchange.is_stuck(&one));
    exchange.lead_to(cursors(), &[one].into_iter().collect());
    assert!(exchange.is_stuck(&one) && !exchange.request().unwrap().cursors().contains_key(&one));
}

#[test]
fn a_command_that_looks_first_has_its_turn_once_or_offline() {
    let mut exchange = Exchange::default();
    let id = CommandId(3);
    assert!(!exchange.has_looked(id));
    exchange.look_first(id, Command::Circles);
    assert_eq!(exchange.take_looked(), [(id, Command::Circles)]);
    assert!(exchange.has_looked(id) && exchange.take_looked().is_empty());
    exchange.set_problem(offline());
    assert!(exchange.has_looked(CommandId(4)));
}
