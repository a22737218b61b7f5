#![allow(missing_docs, reason = "a field without a doc comment is what its name and its type say")]

mod edit;
#[cfg(all(test, feature = "json"))]
mod tests;

use crate::contract::Contract;
use crate::document::{ChoiceKind, ItemId, Moment, Outcome, OwnEntry, PlanPart, ReactionKind, Told};
use crate::ids::{
    AgreementDigest, CircleId, Conversation, DeviceId, DocumentId, InviteKey, MemberId, StatementId, ThreadId,
};
use crate::trust::Role;

#[cfg(feature = "json")]
use super::view::{
    Attempt, Choices, Circle, CircleSummary, Commitments, Found, Invitation, Journal, JournalEntry, KeptCommitment,
    Leaving, Message, News, Note, NoteSummary, OutboxItem, PaperCode, Passage, People, Plan, PlanLine, QrGrant,
    QrOffer, QrTaken, RecordPage, Report, ReportWay, Story, Strategy, SyncStatus, Thread, ThreadSummary, Version,
};

pub use edit::NoteEdit;

/// What a person wants. A field without a doc comment is what its name and its type say.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(from_page, tag = "cmd", name = "EngineCommand")]
pub enum Command {
    /// The circles on this phone.
    #[contract(reply = Vec<CircleSummary>, reads)]
    Circles,
    /// Opens an enrolment link.
    #[contract(reply = CircleSummary)]
    Enrol {
        /// A link, or a short code, as it was typed or pasted.
        link: String,
        /// The name to be known by.
        name: String,
    },
    /// One circle: its agreement and its members.
    #[contract(reply = Circle, reads)]
    Circle { circle: CircleId },
    /// Has this phone's person be known by another name.
    #[contract(reply = Circle)]
    Rename {
        circle: CircleId,
        /// The name to be known by.
        name: String,
    },
    /// The circle's sessions, the latest first.
    #[contract(reply = Vec<NoteSummary>, reads)]
    Notes { circle: CircleId },
    /// Opens the note of a session of that day, making it if it is new.
    #[contract(reply = Note, opens)]
    CreateNote {
        circle: CircleId,
        /// The session's date.
        #[contract(ts = "DayNumber")]
        day: u32,
        /// 0 for the day's first session, at most 15.
        ordinal: u8,
        /// Given only to a new one; may be empty.
        title: String,
    },
    /// Opens a note: what comes into it is noticed until it is closed.
    #[contract(reply = Note, opens)]
    OpenNote { document: DocumentId },
    /// Who wrote each word of a note's body.
    #[contract(reply = Vec<Passage>, reads)]
    Passages { document: DocumentId },
    /// Changes a note. What was done once is answered with the version as it is now.
    #[contract(reply = Version)]
    EditNote { document: DocumentId, edit: NoteEdit },
    /// On blur, on leaving, before a sync: turns what was typed into a change now.
    #[contract(reply = ())]
    Flush,
    /// The person was told that their clock is wrong.
    #[contract(reply = ())]
    ClockTold,
    /// A document is not on screen any more. What was typed becomes a change.
    #[contract(reply = (), closes)]
    Close { document: DocumentId },
    /// The circle's threads.
    #[contract(reply = Vec<ThreadSummary>, reads)]
    Threads { circle: CircleId },
    /// Begins a thread.
    #[contract(reply = ThreadSummary, once = "thread")]
    CreateThread {
        circle: CircleId,
        /// What it is called.
        title: String,
    },
    /// For facilitators: names a thread, or chooses among names that were given at the same time.
    #[contract(reply = ())]
    SetThread {
        circle: CircleId,
        thread: ThreadId,
        /// What it is called.
        title: String,
    },
    /// For facilitators: says what a circle is called, or what its people agreed on; or chooses, as of [`Self::SetThread`].
    #[contract(reply = Circle)]
    SetCircle {
        circle: CircleId,
        /// What it is called, when that changes.
        #[contract(optional)]
        name: Option<String>,
        /// What its people agreed on, when that changes.
        #[contract(optional)]
        agreement: Option<String>,
        /// Who follows up on an answer that worries, when that changes. With `followUpBy` both say something, or nothing.
        #[contract(optional)]
        follow_up_who: Option<String>,
        /// By when, in words, when that changes.
        #[contract(optional)]
        follow_up_by: Option<String>,
        /// Whether the circle is about alcohol, when that changes.
        #[contract(optional)]
        about_alcohol: Option<bool>,
        /// How the circle begins when it meets, when that changes: at most 500 characters, empty for nothing.
        #[contract(optional)]
        opening: Option<String>,
        /// How it ends, as of `opening`.
        #[contract(optional)]
        closing: Option<String>,
    },
    /// For facilitators: adds a line to the circle's agreement.
    #[contract(reply = Circle, once = "circle")]
    AddAgreementLine {
        circle: CircleId,
        /// At most 300 characters.
        text: String,
    },
    /// For facilitators: says a line of the agreement in other words; or chooses, as of [`Self::SetThread`].
    #[contract(reply = Circle)]
    SetAgreementLine {
        circle: CircleId,
        item: ItemId,
        /// Empty takes it out. One that is not there any more stays so.
        text: String,
    },
    /// Agrees to what the circle agreed on, in one's own name; or agrees no more.
    #[contract(reply = Circle)]
    Agree {
        circle: CircleId,
        /// The digest that stood with the lines that were read; null: no more. Where they say something else by now,
        /// nothing is said, and the reply shows what they say.
        digest: Option<AgreementDigest>,
    },
    /// For facilitators: says that somebody does something for the circle.
    #[contract(reply = Circle, once = "circle")]
    AddRole {
        circle: CircleId,
        /// What it is called, at most 120 characters.
        name: String,
        /// Whose it is; null for nobody's yet.
        member: Option<MemberId>,
    },
    /// For facilitators: changes a role; or chooses, as of [`Self::SetThread`].
    #[contract(reply = Circle)]
    SetRole {
        circle: CircleId,
        item: ItemId,
        /// What it is called, when that changes; empty takes it away. One that is not there any more stays so.
        #[contract(optional)]
        name: Option<String>,
        /// Whose it is, when that changes.
        #[contract(optional)]
        member: Option<MemberId>,
    },
    /// For facilitators: enters whom people can call. It has a name, and a number to call or to text.
    #[contract(reply = Circle, once = "circle")]
    AddHelpline {
        circle: CircleId,
        /// What it is called.
        name: String,
        /// The number to call; empty for none, as are the texts that follow. Numbers: digits, spaces and `+ * # - ( ) /`.
        phone: String,
        /// The number to text.
        sms: String,
        /// Where it is for.
        region: String,
        /// When somebody answers, in words.
        hours: String,
        /// In which languages.
        language: String,
        /// The day on which somebody made sure that all of it is right.
        #[contract(ts = "DayNumber | null")]
        checked: Option<u32>,
    },
    /// For facilitators: changes a helpline; or chooses, as of [`Self::SetThread`].
    #[contract(reply = Circle)]
    SetHelpline {
        circle: CircleId,
        item: ItemId,
        /// As of [`Self::AddHelpline`], each when it changes.
        #[contract(optional)]
        name: Option<String>,
        #[contract(optional)]
        phone: Option<String>,
        #[contract(optional)]
        sms: Option<String>,
        #[contract(optional)]
        region: Option<String>,
        #[contract(optional)]
        hours: Option<String>,
        #[contract(optional)]
        language: Option<String>,
        #[contract(optional, ts = "DayNumber")]
        checked: Option<u32>,
    },
    /// For facilitators: removes a helpline.
    #[contract(reply = Circle, once = "circle")]
    RemoveHelpline { circle: CircleId, item: ItemId },
    /// Opens a thread.
    #[contract(reply = Thread, reads)]
    OpenThread {
        circle: CircleId,
        thread: Conversation,
        /// The newest so many messages, at most 2,000.
        limit: u32,
    },
    /// Writes a message.
    #[contract(reply = Message, once = "message")]
    Send {
        circle: CircleId,
        thread: Conversation,
        /// The words, at most 4,000 bytes.
        text: String,
        /// The message that it answers.
        #[contract(ts = "MessageKey | null")]
        reply_to: Option<String>,
    },
    /// Reacts to a message, or takes that back.
    #[contract(reply = ())]
    React {
        circle: CircleId,
        thread: Conversation,
        #[contract(ts = "MessageKey")]
        key: String,
        kind: ReactionKind,
        /// Whether it is given or taken back.
        on: bool,
    },
    /// All of a thread was seen.
    #[contract(reply = ())]
    Seen { circle: CircleId, thread: Conversation },
    /// Takes back one's own message: everywhere, for good.
    #[contract(reply = ())]
    TakeBack {
        circle: CircleId,
        thread: Conversation,
        #[contract(ts = "MessageKey")]
        key: String,
    },
    /// For facilitators: hides a message of a thread of the circle from the others, or shows it again.
    #[contract(reply = ())]
    Hide {
        circle: CircleId,
        thread: Conversation,
        #[contract(ts = "MessageKey")]
        key: String,
        /// Whether it is hidden.
        on: bool,
    },
    /// What helps, as the circle's people wrote it down for each other: all strategies, those taken back too.
    #[contract(reply = Vec<Strategy>, reads)]
    Toolkit { circle: CircleId },
    /// Writes a strategy down for the circle.
    #[contract(reply = Strategy, once = "strategy")]
    AddStrategy {
        circle: CircleId,
        /// What it is called.
        title: String,
        /// What to do.
        text: String,
        /// When it is of use, at most 8; one that is given twice counts once.
        moments: Vec<Moment>,
        /// The strategy that it was adapted from.
        #[contract(ts = "StrategyKey | null")]
        adapted_from: Option<String>,
    },
    /// Says that a strategy helped this phone's person, or takes that back.
    #[contract(reply = ())]
    Helped {
        circle: CircleId,
        #[contract(ts = "StrategyKey")]
        key: String,
        /// Whether it helped.
        on: bool,
    },
    /// Takes back one's own strategy: everywhere, for good. What was adapted from it stays.
    #[contract(reply = ())]
    TakeBackStrategy {
        circle: CircleId,
        #[contract(ts = "StrategyKey")]
        key: String,
    },
    /// For facilitators: hides a strategy from the others, or shows it again.
    #[contract(reply = ())]
    HideStrategy {
        circle: CircleId,
        #[contract(ts = "StrategyKey")]
        key: String,
        /// Whether it is hidden.
        on: bool,
    },
    /// Stories and milestones that one's people share: none that ended, or was taken back.
    #[contract(reply = Vec<Story>, reads)]
    Stories { circle: CircleId },
    /// Shares a story or a milestone.
    #[contract(reply = Story, once = "story")]
    AddStory {
        circle: CircleId,
        told: Told,
        /// The people who alone are told it, at most 32; empty for the whole circle.
        to: Vec<MemberId>,
    },
    /// Reacts to a story or milestone, or takes that back.
    #[contract(reply = ())]
    ReactToStory {
        circle: CircleId,
        #[contract(ts = "StoryKey")]
        key: String,
        kind: ReactionKind,
        /// Whether it is given or taken back.
        on: bool,
    },
    /// For facilitators: hides from the others a story or milestone that the whole circle is told, or shows it again.
    #[contract(reply = ())]
    HideStory {
        circle: CircleId,
        #[contract(ts = "StoryKey")]
        key: String,
        /// Whether it is hidden.
        on: bool,
    },
    /// Ends one's own story or milestone: it is taken back everywhere, for good.
    #[contract(reply = ())]
    EndStory {
        circle: CircleId,
        #[contract(ts = "StoryKey")]
        key: String,
    },
    /// One's own reports, and for facilitators those that were sent to them; the latest first.
    #[contract(reply = Vec<Report>, reads)]
    Reports { circle: CircleId },
    /// Where a report of what somebody else wrote would go.
    #[contract(reply = ReportWay, reads)]
    ReportWay {
        circle: CircleId,
        /// Of a message, strategy, story or milestone.
        #[contract(ts = "RecordKey")]
        key: String,
    },
    /// Reports it to each facilitator but its author. What was said before is not said twice.
    #[contract(reply = Report)]
    Report {
        circle: CircleId,
        /// Of a message, strategy, story or milestone.
        #[contract(ts = "RecordKey")]
        key: String,
        /// Whom alone its person was told that it goes to; empty for the organisation.
        to: Vec<MemberId>,
        /// Why; at most 1,000 characters, may be empty.
        words: String,
    },
    /// Takes back one's own report: everywhere, for good.
    #[contract(reply = ())]
    TakeBackReport {
        circle: CircleId,
        #[contract(ts = "ReportKey")]
        key: String,
    },
    /// For facilitators: says that a report is dealt with, or takes that back.
    #[contract(reply = ())]
    HandleReport {
        circle: CircleId,
        #[contract(ts = "ReportKey")]
        key: String,
        /// Whether it is.
        on: bool,
    },
    /// One's own plan for hard moments.
    #[contract(reply = Plan, reads)]
    Plan { circle: CircleId },
    /// Writes a line of one's own plan.
    #[contract(reply = PlanLine, once = "planLine")]
    AddPlanLine {
        circle: CircleId,
        part: PlanPart,
        /// At most 300 characters.
        text: String,
        /// A number to call, at most 40 digits, spaces and `+*#-()/.`; or empty.
        phone: String,
        /// The line in whose place it comes, which is taken back.
        #[contract(ts = "PlanLineKey | null")]
        replaces: Option<String>,
    },
    /// Takes back a line of one's own plan: everywhere, for good.
    #[contract(reply = ())]
    RemovePlanLine {
        circle: CircleId,
        #[contract(ts = "PlanLineKey")]
        key: String,
    },
    /// One's own journal.
    #[contract(reply = Journal, reads)]
    Journal {
        circle: CircleId,
        /// The newest so many months in which something was written, 1 to 120.
        months: u32,
    },
    /// Writes an entry of one's own journal.
    #[contract(reply = JournalEntry, once = "entry")]
    AddEntry {
        circle: CircleId,
        /// The day that it is about, at the latest tomorrow.
        #[contract(ts = "DayNumber")]
        day: u32,
        entry: OwnEntry,
        /// The entry in whose place it comes, which is taken back.
        #[contract(ts = "JournalKey | null")]
        replaces: Option<String>,
    },
    /// Takes back an entry of one's own journal: everywhere, for good.
    #[contract(reply = ())]
    RemoveEntry {
        circle: CircleId,
        #[contract(ts = "JournalKey")]
        key: String,
    },
    /// What this phone's person chose about others: nobody else is told.
    #[contract(reply = Choices, reads)]
    Choices { circle: CircleId },
    /// Chooses something about another member, or chooses it no more.
    #[contract(reply = ())]
    Choose {
        circle: CircleId,
        choice: ChoiceKind,
        member: MemberId,
        /// Whether it holds.
        on: bool,
    },
    /// What this phone's person keeps their word by: alone, and with each of the others.
    #[contract(reply = Commitments, reads)]
    Commitments { circle: CircleId },
    /// Takes something on.
    #[contract(reply = KeptCommitment, once = "commitment")]
    AddCommitment {
        circle: CircleId,
        /// With whom, who is asked and reads it; null: alone, and nobody does.
        with: Option<MemberId>,
        /// Its first day, at the latest tomorrow.
        #[contract(ts = "DayNumber")]
        since: u32,
        /// As of [`days`](super::view::KeptCommitment::days).
        days: u8,
        /// On which day, once; null beside days of the week.
        #[contract(ts = "DayNumber | null")]
        due: Option<u32>,
        /// What it was taken on from, at most 80 letters and signs without white space; may be empty.
        from: String,
        /// At most 300 characters.
        words: String,
    },
    /// Says to whoever asked for one whether one is with them.
    #[contract(reply = ())]
    AnswerCommitment {
        circle: CircleId,
        #[contract(ts = "KeptKey")]
        key: String,
        accepted: bool,
    },
    /// Notes how it went.
    #[contract(reply = Attempt, once = "attempt")]
    AddAttempt {
        circle: CircleId,
        /// Of what.
        #[contract(ts = "KeptKey")]
        key: String,
        /// From its first day on, at the latest tomorrow.
        #[contract(ts = "DayNumber")]
        day: u32,
        outcome: Outcome,
        /// At most 1,000 characters; may be empty.
        note: String,
    },
    /// Says that something is done with.
    #[contract(reply = ())]
    EndCommitment {
        circle: CircleId,
        #[contract(ts = "KeptKey")]
        key: String,
    },
    /// Takes back what one wrote oneself of all this, of whichever kind: everywhere, for good.
    #[contract(reply = ())]
    TakeBackKept {
        circle: CircleId,
        #[contract(ts = "KeptKey")]
        key: String,
    },
    /// What others wrote since this phone's person last looked, by author; the latest first.
    #[contract(reply = Vec<News>, reads)]
    News { circle: CircleId },
    /// Looks for words in all that this phone's person may read in a circle: notes, messages, toolkit, their own plan and
    /// journal. Nothing of it leaves the phone.
    #[contract(reply = Found, reads)]
    Search {
        circle: CircleId,
        /// At most 4,096 bytes. All words are found, each as the beginning of one, whatever its case and accents; empty:
        /// nothing is looked for, and what was written is made ready.
        words: String,
        /// The newest so many, 1 to 500.
        limit: u32,
    },
    /// Makes a circle; for a phone that the organisation made a facilitator's.
    #[contract(reply = CircleSummary)]
    Found {
        /// The name to be known by.
        name: String,
        /// What the circle is called.
        circle_name: String,
    },
    /// Who is in the circle, and what happened.
    #[contract(reply = People, reads)]
    People { circle: CircleId },
    /// Makes a link and short code for new people.
    #[contract(reply = Invitation, once = "named")]
    Invite {
        circle: CircleId,
        role: Role,
        /// Whether they may read what was written before they came.
        past: bool,
        /// How many may come in by it, 1 to 100.
        uses: u32,
        /// For how many days it is good, 1 to 60.
        days: u32,
        /// Names this ask; the worker gives it. Asked again by the same name, the same invitation is given; with none,
        /// always another.
        #[contract(optional)]
        once: String,
    },
    /// Makes a link and short code for another phone of a member who is here already.
    #[contract(reply = Invitation, once = "named")]
    InviteDevice {
        circle: CircleId,
        member: MemberId,
        /// They lost their phone: their other phones go.
        recovers: bool,
        /// As of [`Self::Invite`].
        #[contract(optional)]
        once: String,
    },
    /// Takes a member out.
    #[contract(reply = People, once = "people")]
    Remove {
        circle: CircleId,
        member: MemberId,
        /// Members whom that member let in, and who are taken out in the same step.
        #[contract(optional)]
        also: Vec<MemberId>,
    },
    /// Takes a phone out.
    #[contract(reply = People, once = "people")]
    RemoveDevice { circle: CircleId, device: DeviceId },
    /// Lets in whoever waits; brings back, as a member, whoever is out.
    #[contract(reply = People, once = "people")]
    Confirm { circle: CircleId, member: MemberId },
    /// Makes a member a facilitator.
    #[contract(reply = People, once = "people")]
    Promote { circle: CircleId, member: MemberId },
    /// Makes a facilitator a member again.
    #[contract(reply = People, once = "people")]
    Demote { circle: CircleId, member: MemberId },
    /// Decides who begins conversations.
    #[contract(reply = People, once = "people")]
    SetConversations {
        circle: CircleId,
        /// Members too; else facilitators alone.
        everyone: bool,
    },
    /// How leaving a circle stands.
    #[contract(reply = Leaving, reads)]
    Leaving { circle: CircleId },
    /// This phone's person leaves the circle: when the server next hears of it, and not before what they wrote is safe there.
    /// Asked again, it is as asked last. Of a circle that they are out of already, or not in yet, what is here goes at once.
    #[contract(reply = Leaving)]
    Leave {
        circle: CircleId,
        /// What they wrote goes first, everywhere, for good.
        erase: bool,
        /// What can't be sent or erased is not waited for.
        anyway: bool,
    },
    /// They stay after all. Once it was said to the server it can't be undone.
    #[contract(reply = Leaving)]
    Stay { circle: CircleId },
    /// What this phone's person wrote, one document at a time.
    #[contract(reply = RecordPage, reads)]
    Record {
        circle: CircleId,
        /// The document, as the page before named it; null for the first.
        document: Option<DocumentId>,
    },
    /// Ends an invitation.
    #[contract(reply = People, once = "people")]
    Withdraw {
        circle: CircleId,
        /// Its key, as people are shown it.
        invite: InviteKey,
    },
    /// What the status tells of a phone that took in what it had not written was read.
    #[contract(reply = ())]
    ResumedRead,
    /// That a statement was not taken was read.
    #[contract(reply = People, once = "people")]
    Dismiss { circle: CircleId, statement: StatementId },
    /// For facilitators, after the server was proven to tell people different things: with which of the two histories this
    /// phone goes on.
    #[contract(reply = People, once = "people")]
    GoOn { circle: CircleId, with: ForkSide },
    /// With no network, on the new phone: what to show to the facilitator's.
    #[contract(reply = QrOffer)]
    QrAsk {
        /// The name to be known by.
        name: String,
    },
    /// On the facilitator's phone: answers what was scanned with what the new phone scans.
    #[contract(reply = QrGrant)]
    QrGrant {
        circle: CircleId,
        /// What was scanned.
        qr: String,
        role: Role,
        /// Whether they may read what was written before they came.
        past: bool,
        /// Who comes back, if somebody does.
        member: Option<MemberId>,
    },
    /// On the new phone: takes what was scanned of the facilitator's.
    #[contract(reply = QrTaken)]
    QrTake {
        /// What was scanned.
        qr: String,
    },
    /// Makes a printed code for this member; an earlier one stops working.
    #[contract(reply = PaperCode, once = "named")]
    Paper {
        circle: CircleId,
        /// As of [`Self::Invite`]: the same code.
        #[contract(optional)]
        once: String,
    },
    /// Comes back with a printed code: this phone becomes the member's.
    #[contract(reply = Vec<CircleSummary>)]
    PaperUse {
        /// As it was typed.
        code: String,
    },
    /// Opens a document that only its group reads, as a note, making it if it is new.
    #[contract(reply = Note, opens)]
    OpenSealed {
        circle: CircleId,
        kind: SealedKind,
        /// Whose, of a slice; else one's own.
        member: Option<MemberId>,
        /// The session's date.
        #[contract(ts = "DayNumber")]
        day: u32,
    },
    /// What is not safe yet.
    #[contract(reply = Vec<OutboxItem>, reads)]
    Outbox,
    /// How it stands with the server.
    #[contract(reply = SyncStatus, reads)]
    Status,
    /// Syncs now; answered when that has ended.
    #[contract(reply = SyncStatus)]
    Sync,
}

/// One of the two histories that a server told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(from_page)]
pub enum ForkSide {
    /// What this phone was told first.
    Ours,
    /// What the server tells now.
    Theirs,
}

/// A kind of document that only its group reads; sealed on the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(from_page)]
pub enum SealedKind {
    /// What the facilitators note among themselves.
    FacilitatorNote,
    /// What the facilitators keep about a member, who reads it too.
    Slice,
}

#[cfg(feature = "json")]
crate::contract::reads_by_serde!(Command);
