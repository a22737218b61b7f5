use super::*;

fn apart(names: &[&str]) -> Vec<String> {
    let id = |at: usize| MemberId([u8::try_from(at).unwrap(); 16]);
    // Came in the order of the list, though their ids sort the other way round.
    let all: Vec<_> = names.iter().enumerate().map(|(at, name)| (id(names.len() - at), (*name).to_owned())).collect();
    let apart = told_apart(&all.iter().cloned().collect(), all.iter().map(|(member, _)| *member));
    all.iter().map(|(member, _)| apart.get(member).cloned().unwrap_or_default()).collect()
}

#[test]
fn those_who_came_later_under_a_name_that_is_taken_are_numbered() {
    assert_eq!(apart(&["Ana", "Ben", "Ana", "ana ", "Ben"]), ["Ana", "Ben", "Ana (2)", "ana  (3)", "Ben (2)"]);
    assert_eq!(apart(&["A\u{200b}na", "Ana"]), ["A\u{200b}na", "Ana (2)"]);
    assert_eq!(apart(&["", ""]), ["", ""]);
}

#[test]
fn what_leaves_no_trace_makes_no_other_name() {
    // Of each kind one: a control, a space, joiners, fillers, marks of direction, variation selectors, tags.
    for blank in
        "\u{7}\u{2003}\u{200d}\u{34f}\u{17b4}\u{2800}\u{3164}\u{202e}\u{fe0f}\u{fff9}\u{1d173}\u{e0041}".chars()
    {
        let hidden = format!("A{blank}na");
        assert_eq!(apart(&["Ana", &hidden]), ["Ana", &format!("{hidden} (2)")], "{blank:?}");
    }
    assert_eq!(apart(&["Jose", "Jose\u{301}"]), ["Jose", "Jose\u{301}"], "an accent is seen");
}

#[test]
fn capitals_of_names_have_their_small_letters() {
    let has_both = |code: &u32| !matches!(code, 0x130 | 0x138 | 0x149 | 0x178 | 0x17f);
    let ranges = [0x41..=0x17e, 0x391..=0x3ab, 0x400..=0x481, 0x48a..=0x4bf, 0x4d0..=0x52f, 0x531..=0x556];
    for code in ranges.into_iter().flatten().chain(0x1e00..=0x1e95).chain(0x1ea0..=0x1eff).filter(has_both) {
        let Some(character) = char::from_u32(code) else { continue };
        assert!(character.to_lowercase().eq([small(character)]), "{character} {code:x}");
    }
    assert_eq!(apart(&["Ólafur", "ólafur", "ЖЕНЯ", "Женя"]), ["Ólafur", "ólafur (2)", "ЖЕНЯ", "Женя (2)"]);
}

#[test]
fn nobody_gets_a_mark_that_somebody_has_as_a_name() {
    assert_eq!(apart(&["Ana", "Ana (2)", "Ana"]), ["Ana", "Ana (2)", "Ana (3)"]);
    assert_eq!(apart(&["Ana", "Ana", "Ana (2)"]), ["Ana", "Ana (3)", "Ana (2)"]);
}

#[test]
fn all_names_of_any_circle_differ_and_those_without_a_namesake_stay_as_they_are() {
    let some = ["Ana", "ANA", "An a", "Ana (2)", "Ana (2) (2)", "Ben", "بن", "Ana\u{200d}"];
    for seed in 0..300_usize {
        let names: Vec<&str> =
            (0..seed % 12).map(|at| some[(seed * 7 + at * at * 5 + at * seed) % some.len()]).collect();
        let shown = apart(&names);
        let mut folds: Vec<String> = shown.iter().map(|name| folded(name)).collect();
        folds.sort_unstable();
        folds.dedup();
        assert_eq!(folds.len(), names.len(), "{names:?}: {shown:?}");
        for (name, shown) in names.iter().zip(&shown) {
            let alike = names.iter().filter(|other| folded(other) == folded(name)).count();
            assert!(shown.starts_with(name) && (alike > 1 || shown == name), "{names:?}: {shown:?}");
        }
    }
}
