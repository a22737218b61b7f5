//! What members keep for themselves, for each other, and for their circle: texts of records, and documents' names.

use kith_shared::codec::Writer;
use kith_shared::document::{DocumentName, Subject};
use kith_shared::ids::MemberId;
use kith_shared::time::Month;

use super::Target;

/// What a member keeps for themself.
pub(super) fn own() -> Vec<(Target, Vec<u8>)> {
    let lines = ["0\n\nI stop answering.", "3\n+255 (0)1/2-3\nAmina,\nnext door", "5\n\nñ and 🙂"];
    let entries = ["c20786\n2-04\nrain", "c20786\n----\nñ", "q20786\nphq-4\n1\n3,,0,100", "t84005\nOn."];
    let stories = ["story\n\nThe river\nI went.", "story\n1796000000000\nñ\n🙂\n", "milestone\n20786\nI called."];
    let of = |target: Target| move |text: &str| (target, text.as_bytes().to_vec());
    let choices = [["b", &"ab".repeat(16)].concat(), ["x", &"01".repeat(16)].concat()];
    let choices = choices.map(|text| (Target::Choice, text.into_bytes()));
    let kept = [
        "commitment\n20786\n127\n\nab/1\nWalk,\nñ",
        "commitment\n20786\n0\n84005\n\n🙂",
        "attempt\n20787\nt\nHalf\nof it",
        "answer\ny",
        "end\n",
    ];
    let of_message = ["0301", &"00".repeat(8), "aa0500\nBwcHBwcHBwcHBwcHBwcHBwrs"].concat();
    let reports = [
        ["report\n", &of_message, "\n", &"02".repeat(16), "\n", &"0f".repeat(16), "\n2\n", &"03".repeat(16), "\nñ\n🙂"]
            .concat(),
        "reported\nt0\nYou are\nall liars.".to_owned(),
        "reported\np12\n0aff".to_owned(),
        ["report\n", &of_message, "\n", &"02".repeat(16), "\n", &"0f".repeat(16), "\n1\n\nto the organisation"]
            .concat(),
        ["handled\n", &"01".repeat(16), "\n", &of_message, "\n"].concat(),
    ];
    let reports = reports.map(|text| (Target::Reporting, text.into_bytes()));
    let (member, month) = (MemberId([1; 16]), Month(682));
    let pair = Subject::Pair { one: member, other: MemberId([2; 16]), month, part: 1 };
    let between = Subject::Between { one: member, other: MemberId([2; 16]), part: 300 };
    let own = Subject::Commitments { member, part: 0 };
    let names = [
        pair,
        between,
        own,
        Subject::Choices { member },
        Subject::Reports { member, part: 300 },
        Subject::Stories,
        Subject::Plan { member },
        Subject::Journal { member, month },
    ];
    let names = names.map(|subject| {
        let mut writer = Writer::new();
        DocumentName::new(subject).write(&mut writer);
        (Target::DocumentName, writer.into_bytes())
    });
    lines
        .map(of(Target::PlanLine))
        .into_iter()
        .chain(entries.map(of(Target::OwnEntry)))
        .chain(stories.map(of(Target::Story)))
        .chain(choices)
        .chain(reports)
        .chain(kept.map(of(Target::Kept)))
        .chain(names)
        .collect()
}
