/// A session's subject.
pub(crate) struct Theme {
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
}

const fn theme(title: &'static str, text: &'static str) -> Theme {
    Theme { title, text }
}

pub(crate) const THEMES: [Theme; 25] = [
    theme(
        "The hour after work",
        "We went through the hour between work and home minute by minute. For most of us it is not the evening that is dangerous but the walk to it: the corner shop, the colleagues at the gate, the empty kitchen. Several people found that the craving has a shape, that it climbs for about twenty minutes and then lets go, and that nobody had ever told them so.",
    ),
    theme(
        "Saying no without a speech",
        "We practised short answers. Long explanations invite discussion; a short sentence and a change of subject rarely do. We played the cousin, the boss and the old friend in turn, and laughed more than on any evening so far. It helps to have the sentence ready before the door opens, and to hold a glass of something in your hand.",
    ),
    theme(
        "Sleep",
        "Hardly anyone sleeps well in the first months, and everybody thought it was only them. We compared what we do at three in the morning. Lying there and counting the hours is the worst of it. Getting up, a chair by the window, something warm to drink and no telephone came up again and again.",
    ),
    theme(
        "Shame",
        "A hard subject and a quiet room. Shame says that you are the thing you did. Two people told, for the first time, what they had never told anyone, and nobody looked away. Afterwards we spoke about the difference between regret, which can be put to use, and shame, which only wants to be alone with you.",
    ),
    theme(
        "Telling the children",
        "How much do children know? More than we think, and less than we fear. They mostly want to hear that it is not their fault and what happens next week. We collected sentences that are true and small enough for a child, and agreed that one does not have to say everything at once.",
    ),
    theme(
        "Money",
        "We wrote down what drinking used to cost in a month, and then read it aloud. There was some whistling. Debts are easier to look at in company. We talked about who in town helps with letters from the bank, and about putting aside the price of one bottle each Friday in a jar that everybody in the house can see.",
    ),
    theme(
        "Anger",
        "Anger was for many of us the last thing before a drink. We looked at what comes before the anger: being tired, not being heard, being afraid. It is hard to feel afraid in front of other people, and so it comes out loud. We tried to say the first feeling instead of the second.",
    ),
    theme(
        "Festivals and family tables",
        "The holidays are coming, and with them the tables where there has always been a bottle. We planned the day in pieces: when to arrive, whom to sit beside, what to bring to drink, whom to call from the yard, when to leave. It is allowed to leave early. It is allowed not to go.",
    ),
    theme(
        "Old friends",
        "Some friendships were held together by a bottle and not by much else. It hurts to see which ones. Others wait for an invitation to something different. We talked about how to be missed without going back, and about the two or three people who have stayed.",
    ),
    theme(
        "After a slip",
        "One of us drank at the weekend and came anyway. That was the most important thing that happened this evening. A slip is an event and not a verdict: what was before it, what was during it, who knew by morning. The plan that we made together fits on one page and hangs on a refrigerator now.",
    ),
    theme(
        "The body",
        "What has changed in the body since? Better mornings, worse teeth, a sweet tooth nobody expected. The nurse answered questions about the liver without frightening anyone. We agreed that an appointment one is afraid of is easier with company, and two people have paired up for theirs.",
    ),
    theme(
        "Boredom",
        "Nobody warns you that it is boring at first. So many hours. We made a list of everything that takes an hour, costs nothing and can be begun in five minutes, and the list grew longer than the sheet. Hands that are busy came up most often: dough, wool, engines, soil.",
    ),
    theme(
        "Trust",
        "Those at home do not believe it yet, and why should they. Trust comes back by the spoonful. We spoke about being asked to breathe on someone, about searched bags, and about how to bear that without making a scene. One can also offer: look in the cupboard whenever you like.",
    ),
    theme(
        "Asking for help",
        "We went round with one question: whom did you last ask for help, and how did it feel? Most of us would carry a neighbour's roof on our back before we asked for a chair. We practised asking for small things this week, because one cannot learn it on the day it is needed.",
    ),
    theme(
        "Grief",
        "Somebody's brother, somebody's mother, a dog of fourteen years. Grief was there before the drinking for many of us and is there again now that nothing covers it. We lit the candle and said names. Nothing needs to be done about grief, it turns out, except not to be left alone with it.",
    ),
    theme(
        "Work",
        "Going back, being found out, being passed over, finding something new at fifty. We talked about what one must tell an employer and what one need not. A day with a beginning and an end is worth a lot, paid or not. Three people know of someone who is looking for hands.",
    ),
    theme(
        "Cravings, one by one",
        "Each of us drew the last strong craving as a line on paper: when it began, how high it went, when it was over. No two were alike, and all of them ended. We hung the drawings beside each other. Looking at them from a distance was the best part of the evening.",
    ),
    theme(
        "Letters we will not send",
        "We wrote for twenty minutes, each to someone. To a father, to a former wife, to the person one was at nineteen. Nobody had to read aloud and five did. The letters went home in pockets. It became clear to several of us whom we are still waiting for, and that the waiting can end.",
    ),
    theme(
        "What we are good at",
        "A strange evening, because nobody is used to it. Each person heard from three others what they bring to this room: someone who always saves a chair, someone who asks the second question, someone who makes the coffee before anyone has thought of it. It was harder to listen to than any criticism.",
    ),
    theme(
        "Loneliness",
        "Being alone and being lonely are two things. Evenings and Sundays are the worst for most of us. We looked at who could be called, really called, and wrote the numbers on paper, because at the worst moment nobody looks through a telephone. Two people live five minutes apart and did not know it.",
    ),
    theme(
        "One year",
        "We marked a year with cake and with the story from the beginning. Those who are in their first weeks asked everything that they wanted to know, and the answers were honest: it gets easier, it does not get easy, the third month was the worst. The coin went round and everybody held it for a moment.",
    ),
    theme(
        "Medicines and other helpers",
        "Questions about the tablets against craving, about sleeping pills, about herbs from the market. We keep to the rule that we tell of our own experience and leave doses to the doctor. It was good to hear that three people take something every day, and that none of them thinks it makes their effort worth less.",
    ),
    theme(
        "Living with someone who drinks",
        "What if it stands in the kitchen all the same, because it belongs to somebody else? We spoke about cupboards with locks, about agreements that hold on weekdays, and about the tiredness of being the only one. No solution tonight. But it was said aloud, and next time there will be more.",
    ),
    theme(
        "Forgiving",
        "Whom, and whether at all. We did not agree, and that was good. For some it is a door that must be opened to go on living, for others a word that is asked of them too early. We agreed on this much: nobody can ask it of you, and it has no date.",
    ),
    theme(
        "What a good day is made of",
        "We took good days apart like clocks. In nearly all of them there was daylight, one conversation of more than ten minutes, something warm to eat and something finished. None of them was perfect. One can plan two of these four in the morning, and that is often enough.",
    ),
];

pub(crate) const OPENINGS: [&str; 10] = [
    "It rained all day and still almost everyone came. We moved the chairs closer to the stove and began with a minute of quiet.",
    "The generator was down, so we sat by lamplight, which suited the subject. Coffee from the flask, {a} brought flat bread.",
    "A warm evening with the windows open. Children were playing in the yard and now and then a ball came in, which did us good.",
    "We were a small circle tonight, because the lower road is under water. Small circles have their own courage.",
    "We began late, since the bus was late, and nobody minded. {a} read the agreement aloud and we each said one word for the week.",
    "A full room, and a chair had to be fetched from the office. We welcomed everyone by name and lit the candle.",
    "Cold outside, loud inside: it took a while until everybody had arrived in their heads. Three slow breaths together helped.",
    "The harvest has begun and one could see it in everybody's hands. We kept the first round short so that the tired could listen.",
    "We began with good news tonight, a whole round of it, because last week had been heavy. {a} had the longest list.",
    "Half of us had walked together from the market, so the talking had begun long before the session. We lit the candle anyway.",
];

pub(crate) const CHECK_INS: [&str; 24] = [
    "{a} has had nine quiet days and does not quite trust them yet.",
    "{a} slept five hours in one piece, for the first time since spring.",
    "{a} had a quarrel at home and went round the block instead of into the shop. Twice.",
    "{a} did not want to say much and was glad to be able to sit here.",
    "{a} has spoken to the boss. It went better than in all the rehearsals at three in the morning.",
    "{a} is worried about the results from the clinic, which come on Monday.",
    "{a} found a full bottle behind the flour and poured it away before thinking about it.",
    "{a} brought photographs of the new roof. We passed them round with dry hands.",
    "{a} says the week was grey and long, and that it is over.",
    "{a} took the bus on purpose that does not stop in front of the bar.",
    "{a} has begun to cook again. Lentils, mostly, but also a cake.",
    "{a} had a bad Sunday and called {b} in the middle of it.",
    "{a} is tired of being asked whether everything is all right.",
    "{a} laughed on Tuesday and noticed it, because it had been a while.",
    "{a} is sixty-one days sober and had it written on the back of a hand.",
    "{a} went to the funeral and stayed for the soup, not for the rest.",
    "{a} has paid back the first of six instalments.",
    "{a} drank on Saturday, told {b} on Sunday and is here on Thursday.",
    "{a} is proud of the daughter, who passed, and a little of having been there to see it.",
    "{a} has the feeling of standing beside things this week.",
    "{a} and {b} walked to the reservoir and back, ten kilometres, and have blisters to show.",
    "{a} asked for help with the forms, and that was the hard part of it.",
    "{a} has not missed a morning with the goats in a month.",
    "{a} had the first dentist's appointment in eleven years and was praised like a child.",
];

pub(crate) const DEEPER: [&str; 16] = [
    "{a} said that the worst thing was not the craving but how reasonable it sounded. Several people nodded for a long time.",
    "When {a} had finished, it was quiet, and then {b} only said: thank you, I thought I was the only one.",
    "{a} asked how one knows that it is over. {b} answered: you do not, but you notice one day that you forgot to ask.",
    "{a} told about the evening on the bridge, calmly, as one tells of a journey. We agreed whom {a} calls if the bridge comes back.",
    "It was new to hear {a} speak about the father. {b} moved the box of tissues across without a word.",
    "{a} and {b} do not see it the same way, and said so, and shook hands at the end. That too has not always been possible here.",
    "{a} had brought a sentence along, from an aunt: you do not have to climb the whole mountain, only out of this ditch.",
    "We stayed with {a} for a while, because there was more behind it. In the end it came down to being afraid of an empty flat.",
    "{a} described how the hand already knew the way to the shelf. {b} puts the keys in another pocket now, to wake up on the way.",
    "{a} could say for the first time what had been lost, in a list, and then what had not been lost. The second list was longer.",
    "For {a} it helps to say the number of days aloud. For {b} the number is pressure. Both are right.",
    "{a} asked whether one may be angry with somebody who is ill. Nobody had a quick answer, and that was respectful.",
    "{b} reminded {a} of how they met here, by the door, both about to leave again.",
    "{a} noticed that the good weeks frighten more than the bad ones. We wrote the sentence on the board and left it there.",
    "{a} read out a message that was never sent, and then deleted it, and breathed out.",
    "{a} thanked {b} for the lift in March. It had been more than a lift, as it turned out.",
];

pub(crate) const BULLETS: [&str; 32] = [
    "Eat something before the dangerous hour, not after it",
    "Wait twenty minutes and look at the clock",
    "Say it aloud to one person, even by message",
    "Take the other way home",
    "Hands in warm water: dishes, dough, a bath",
    "Have a sentence ready for the door",
    "Go outside once before noon, whatever the weather",
    "A list on the refrigerator with three names and numbers",
    "Count backwards from a hundred in sevens",
    "Decide in the morning and not in the evening",
    "Tea in the good cup",
    "Leave while it is still pleasant",
    "Put the money out of reach on pay day",
    "Radio on, in every room if need be",
    "Write down what went well, three things, before sleeping",
    "Ask for one small thing each day",
    "Hold something cold",
    "Tell the truth about the last time",
    "Sit beside somebody who knows",
    "Not hungry, not angry, not alone, not tired",
    "Make the bed. It is one thing that is finished",
    "Walk to the end of the fields and look back",
    "Sing, badly, in the car",
    "Sleep on every decision that is larger than supper",
    "Keep Sunday full until four o'clock",
    "Read the old letter to yourself",
    "Carry the coin",
    "Bring your own bottle of lemonade and keep it in your hand",
    "Call before it is bad. It is easier then",
    "One conversation of more than ten minutes",
    "Let the telephone stay in the kitchen at night",
    "Something that grows: beans will do",
];

pub(crate) const TODOS: [&str; 16] = [
    "Everybody: write three numbers on paper and put it where you see it",
    "{a} asks at the clinic about the evening hours",
    "{a} and {b} go together on Monday",
    "Bring something that reminds you of a good day",
    "{a} copies the list of hard-hour ideas for everyone",
    "Everybody: one evening this week without a screen",
    "{a} brings the big thermos",
    "Ask {b} how it went, without waiting to be told",
    "{a} finds out what the bus costs from August on",
    "Everybody: one sentence about the week, in writing",
    "{a} speaks to the school about the room in the holidays",
    "{b} shows whoever wants to how to bake the flat bread",
    "Collect for the candle box",
    "Everybody: notice one thing that is better than a year ago",
    "{a} calls those who could not come today",
    "{a} asks the nurse whether she comes again in autumn",
];

pub(crate) const CLOSINGS: [&str; 8] = [
    "We closed with the round of one word. Mine was: enough. {a} blew out the candle.",
    "At the end we stood in a circle, hands or no hands, as each of us liked. Until Thursday.",
    "It became late, and nobody was in a hurry. {a} and {b} did the cups.",
    "We closed with a minute of quiet for those who were not there, and one for those who will come.",
    "Nobody went home alone tonight. That is how it should be.",
    "The last word was {a}'s: see you on this side of Thursday.",
    "We closed early, because everything had been said, and stood in the yard for a long time.",
    "{a} read the poem about the river again. Next time {b} chooses.",
];

pub(crate) const COMMITMENTS: [&str; 20] = [
    "I call one person before seven in the evening, each day",
    "I walk home by the river road",
    "I tell my sister",
    "No money in my pocket on Friday",
    "I go to the doctor and say the real number",
    "I cook on two evenings",
    "I write down the cravings instead of fighting them",
    "I come next week, whatever happens",
    "I sleep without the telephone",
    "I apologise to my neighbour, shortly",
    "I take the tablets every morning",
    "I ask for the early shift",
    "I read to the children on Sunday",
    "I pour away what is in the shed",
    "I say no once without explaining it",
    "I bring my brother to the open evening",
    "I go outside before noon",
    "I send one message here when it gets hard",
    "I fix the bicycle",
    "I eat breakfast",
];

pub(crate) const PLACES: [&str; 4] =
    ["Community room, Mill Lane", "Old school, upstairs", "Clinic, room 2", "Community room, Mill Lane"];
