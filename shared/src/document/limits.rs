use crate::gate::BODY_BYTES_MAX;
pub use crate::seal::BODY_TEXT_BYTES_MAX;
pub use crate::trust::{HELPLINE_BYTES_MAX, NUMBER_CHARS_MAX};

use super::TextLimit;

/// Title or place of a session. As with what follows, the bytes are 16 for each character: a letter of an Indian script
/// with its marks has some 12, and no text that people write as many as that throughout.
pub const FIELD_TEXT: TextLimit = TextLimit { graphemes: 200, bytes: FIELD_BYTES_MAX };
/// Text of an agenda item or commitment.
pub const ITEM_TEXT: TextLimit = TextLimit { graphemes: 300, bytes: ITEM_BYTES_MAX };
/// Name of a member.
pub const MEMBER_NAME_TEXT: TextLimit = TextLimit { graphemes: 60, bytes: MEMBER_NAME_BYTES_MAX };
/// Name of a circle, title of a thread.
pub const TITLE_TEXT: TextLimit = TextLimit { graphemes: 120, bytes: TITLE_BYTES_MAX };
/// Agreement of a circle: here, and in a message, the bytes can be met first.
pub const AGREEMENT_TEXT: TextLimit = TextLimit { graphemes: 4_000, bytes: AGREEMENT_BYTES_MAX };
/// Text of a message.
pub const MESSAGE_TEXT: TextLimit = TextLimit { graphemes: 4_000, bytes: BODY_TEXT_BYTES_MAX };
/// What to do, in a strategy. Where title and moments leave fewer bytes of a body, those are met first.
pub const STRATEGY_TEXT: TextLimit = TextLimit { graphemes: 2_000, bytes: BODY_BYTES_MAX };
/// A moment that a strategy's author named. As many as there may be leave room for what to do.
pub const MOMENT_TEXT: TextLimit = TextLimit { graphemes: 40, bytes: 160 };
/// A line of a plan for hard moments. With the line's head it fits into a body.
pub const PLAN_LINE_TEXT: TextLimit = TextLimit { graphemes: 300, bytes: BODY_TEXT_BYTES_MAX - 48 };
/// A telephone number, of signs that take a byte each.
pub const PHONE_TEXT: TextLimit = TextLimit { graphemes: NUMBER_CHARS_MAX, bytes: NUMBER_CHARS_MAX };
/// Words in a journal. With the entry's head they fit into a body.
pub const JOURNAL_TEXT: TextLimit = TextLimit { graphemes: 3_900, bytes: BODY_TEXT_BYTES_MAX - 16 };
/// What is noted with a check-in. As [`JOURNAL_TEXT`].
pub const CHECK_IN_NOTE_TEXT: TextLimit = TextLimit { graphemes: 1_000, bytes: BODY_TEXT_BYTES_MAX - 32 };
/// Words of what a member takes on. With the record's head they fit into a body.
pub const COMMITMENT_TEXT: TextLimit = TextLimit { graphemes: 300, bytes: BODY_TEXT_BYTES_MAX - 128 };
/// What is noted with an attempt. As [`COMMITMENT_TEXT`].
pub const ATTEMPT_NOTE_TEXT: TextLimit = TextLimit { graphemes: 1_000, bytes: BODY_TEXT_BYTES_MAX - 32 };
/// What a story is called. With a text of [`STORY_TEXT`] in plain letters it fits into a body.
pub const STORY_TITLE_TEXT: TextLimit = TextLimit { graphemes: 60, bytes: MEMBER_NAME_BYTES_MAX };
/// A story, or a milestone. Where head and title leave fewer bytes of a body, those are met first.
pub const STORY_TEXT: TextLimit = TextLimit { graphemes: 3_900, bytes: BODY_TEXT_BYTES_MAX };
/// What is said with a report. Beside its head, with as many people as it may name, it fits into a body.
pub const REPORT_TEXT: TextLimit = TextLimit { graphemes: 1_000, bytes: BODY_TEXT_BYTES_MAX - 1_600 };
/// Name, region, hours or language of a helpline.
pub const HELPLINE_TEXT: TextLimit = TextLimit { graphemes: 120, bytes: HELPLINE_BYTES_MAX };
/// How a circle begins or ends when it meets.
pub const RITUAL_TEXT: TextLimit = TextLimit { graphemes: 500, bytes: AGREEMENT_BYTES_MAX };
/// Longest title or place of a session, in bytes.
pub const FIELD_BYTES_MAX: usize = 3_200;
/// Longest text of an agenda item or commitment, in bytes.
pub const ITEM_BYTES_MAX: usize = 4_800;
/// Most agenda items that one device can add to a note, and most commitments: others' take nobody's place.
pub const ITEMS_MAX: usize = 200;
/// Longest note body, in UTF-16 code units, that edits can bring about; block markers count one.
pub const NOTE_UNITS_MAX: usize = 200_000;
/// Most body edits taken at once.
pub const BODY_OPS_MAX: usize = 1_024;
/// Longest name of a member, in bytes.
pub const MEMBER_NAME_BYTES_MAX: usize = 960;
/// Longest name of a circle or title of a thread, in bytes.
pub const TITLE_BYTES_MAX: usize = 1_920;
/// Longest agreement of a circle, in bytes.
pub const AGREEMENT_BYTES_MAX: usize = 8_000;
/// Most threads that can be added to a circle.
pub const THREADS_MAX: usize = 64;
/// Most helplines that one device can add to a circle: others' take nobody's place.
pub const HELPLINES_MAX: usize = 32;
/// Most lines that one device can add to a circle's agreement, and most roles: others' take nobody's place.
pub const AGREEMENT_LINES_MAX: usize = 32;
/// Messages after which a thread's month goes on in its next part. Soft: phones that are apart may pass it.
pub const THREAD_MESSAGES_MAX: usize = 500;
/// Most moments of a strategy.
pub const MOMENTS_MAX: usize = 8;
/// Most strategies of one device that stand in a toolkit: others' take nobody's place, nor do those taken back.
pub const STRATEGIES_MAX: usize = 200;
/// Characters in an excerpt.
pub const EXCERPT_CHARS_MAX: usize = 120;
/// Heads that a change with content names at most. Above, its author's phone first joins them by changes without ops,
/// each of which names as many as the gate lets a change name: so a document may have as many heads as it has chains,
/// and no honest change is too large for what others left lying side by side.
pub const HEADS_JOINED_MAX: usize = 12;
