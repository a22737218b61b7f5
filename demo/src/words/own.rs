use kith_shared::document::PlanPart;

/// Amina's plan for hard moments: which part, what, and a number that nobody has.
pub(crate) const PLAN: [(PlanPart, &str, &str); 12] = [
    (PlanPart::Signs, "I stop answering people and say I’m only tired", ""),
    (PlanPart::Signs, "I take the long way home, past the shop", ""),
    (PlanPart::Myself, "Wash my face with cold water, then put the kettle on", ""),
    (PlanPart::Myself, "Five things I can see. Slowly, and again if it takes that", ""),
    (PlanPart::Myself, "Twenty minutes. It climbs, and then it lets go", ""),
    (PlanPart::Distract, "Sit in my sister’s kitchen and shell beans with her", ""),
    (PlanPart::Distract, "The bench by the river, where the men play draughts", ""),
    (PlanPart::Ask, "Kofi, whatever the hour", "+1 202 555 0143"),
    (PlanPart::Ask, "My sister Halima", "+1 202 555 0178"),
    (PlanPart::Professionals, "Mrs Ellis, nurse at the clinic on Mill Road", "+1 202 555 0112"),
    (PlanPart::Safer, "Nothing to drink in the house. Halima keeps the pills and gives me two days’ worth", ""),
    (PlanPart::Safer, "Pay goes to Halima’s account on Fridays", ""),
];

/// Notes with a check-in, from the hard days to the good ones.
pub(crate) const NOTES: [&str; 14] = [
    "Bad night. Didn’t go past the shop.",
    "Everything too loud today.",
    "Argued with my brother and went for a walk instead.",
    "Tired, but it’s the ordinary kind.",
    "Kofi called. I hadn’t asked him to.",
    "Pay day. Gave it to Halima before I got home.",
    "Slept until five. That’s new.",
    "The craving came at six and was gone by half past.",
    "Said no at the wedding, twice. Nobody minded.",
    "Cooked for four. Ate with them.",
    "The little one fell asleep on my arm.",
    "Told the circle about March. Nobody looked away.",
    "Worked the whole day and noticed it only in the evening.",
    "A good day, and nothing happened in it.",
];

/// What she wrote of days, in her own words.
pub(crate) const PAGES: [&str; 3] = [
    "I thought it would feel like winning. It feels more like a room after guests have gone: quiet, and a bit of a mess, and mine.",
    "My mother used to say that you can’t hurry dough. I was angry at her for it for twenty years. Today I made bread and understood what she meant.",
    "Grace asked me how I do it and I didn’t know what to say. I wrote it down at home. One evening. Then one more. I never did more than one.",
];

/// What Amina (false) and Kofi (true) say to each other, on so many evenings.
pub(crate) const WITH_KOFI: [&[(bool, &str)]; 5] = [
    &[
        (true, "Hi Amina. Nadia says that we could look out for each other. I’d like that, if you do."),
        (false, "I would. I’m no good on the telephone, though."),
        (true, "Neither am I. We can write."),
    ],
    &[
        (false, "Today is one of those days."),
        (true, "I’m here. What are you doing right now?"),
        (false, "Standing in the kitchen with my coat on."),
        (true, "Take it off, put the kettle on, and write to me when it boils."),
        (false, "It boils."),
        (true, "Good. Twenty minutes. I’ll stay with you."),
        (false, "It went. You were right about the twenty minutes."),
        (true, "You did that. I only told you the time."),
    ],
    &[
        (false, "How was your week? You were quiet on Thursday."),
        (true, "The knee again, and my son didn’t call. I thought of the shop and went to the allotment."),
        (false, "What grows there now?"),
        (true, "Leeks, and a great many slugs."),
        (false, "I’ll come on Saturday and help against the slugs."),
        (true, "Come at nine. I’ll bring coffee in the flask."),
    ],
    &[(false, "That was good. I haven’t laughed like that in a while."), (true, "The slugs are still laughing.")],
    &[
        (false, "I could use a word today."),
        (true, "Here I am. Do you want me to call, or shall we write?"),
        (false, "Write. And then walk, if you have the time tomorrow."),
    ],
];

/// What Amina (false) and Nadia (true) say to each other, likewise.
pub(crate) const WITH_NADIA: [&[(bool, &str)]; 2] = [
    &[
        (true, "Thank you for what you told us on Thursday. How are you now that it’s said?"),
        (false, "Lighter, and a bit ashamed of being lighter."),
        (true, "Both may be there. If it gets heavy again in the night, Mrs Ellis knows that you might call."),
    ],
    &[
        (false, "May I open the round next week? I’d like to try."),
        (true, "Yes. I’ll sit next to you."),
        (false, "Then I’ll do it."),
    ],
];
