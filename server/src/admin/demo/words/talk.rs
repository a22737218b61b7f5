/// A conversation: who speaks (0 begins it), and what, in one of several ways.
pub(in super::super) type Talk = &'static [(u8, &'static [&'static str])];

/// What braces in a message stand for.
pub(in super::super) const SLOTS: [(&str, &[&str]); 6] = [
    ("{food}", &["lentil soup", "flat bread", "a bean stew", "rice with egg", "pumpkin soup", "fried plantain", "a plum cake", "potatoes and quark"]),
    ("{place}", &["by the river", "up at the reservoir", "behind the school", "at the market", "along the railway", "in the allotments", "on the church steps"]),
    ("{child}", &["my youngest", "my daughter", "my son", "my grandson", "my niece", "the little one next door"]),
    ("{day}", &["Sunday", "Friday", "Saturday", "pay day", "yesterday", "Tuesday"]),
    ("{time}", &["half past six", "nine", "three in the morning", "a quarter to eight", "just after work", "midnight"]),
    ("{days}", &["12", "19", "23", "30", "41", "57", "64", "88", "100", "119", "150", "200"]),
];

/// The threads with their titles (the circle's own has none) and what is talked about in them.
pub(in super::super) const THREADS: [(&str, &[Talk]); 4] =
    [("", EVERYONE), ("When evenings are hard", EVENINGS), ("Good news", GOOD_NEWS), ("Rides and practical things", PRACTICAL)];

const EVERYONE: &[Talk] = &[
    &[
        (0, &["Thank you all for Thursday. I said more than I wanted to and slept like a stone.", "Still thinking about what was said on Thursday. It did me good to hear it from somebody else."]),
        (1, &["I was so glad that you said it. I went home less alone.", "Same here. I told my wife about it, without names of course."]),
        (2, &["It was a good evening. Hard, but good.", "You looked lighter when you left."]),
        (0, &["See you next week, then. I will bring {food}.", "I will be there. Front row."]),
    ],
    &[
        (0, &["Does anyone else feel worse when things go well? I keep waiting for the blow.", "Strange week. Nothing bad happened and I am on edge all the time."]),
        (1, &["Yes. My head does not believe in good weather.", "Every time. I think it is the old alarm, it does not know the war is over."]),
        (3, &["For me it helped to say: today is today. Only that.", "I write down what went well so that I cannot talk it away at night."]),
        (0, &["An old alarm, I like that. I will tell it to go back to sleep.", "Thank you. I read this three times."]),
    ],
    &[
        (0, &["{child} asked me why I do not come to the festival any more. I did not know what to say.", "Had to explain to {child} where I go on Thursdays."]),
        (1, &["Mine asked too. I said: I go where people help each other not to get ill again. That was enough.", "I said that I am learning something difficult, and that I have good teachers."]),
        (2, &["They understand more than we think.", "Children mostly want to know if you come back. You do."]),
        (0, &["That is a good sentence. I will take it.", "I told it just like that. The answer was: can I have your chocolate, then. So all is well."]),
    ],
    &[
        (0, &["Today is the anniversary of my mother. I wanted somebody to know.", "A year ago today I was in the ward. Funny to stand at the stove now and stir {food}."]),
        (1, &["Thinking of you.", "I am glad that you wrote it."]),
        (2, &["What was she like?", "A year. Look at you."]),
        (0, &["She sang while hanging up the washing. All the neighbours knew her repertoire.", "I look, and I do not quite believe it."]),
        (3, &["Then sing something today.", "We believe it for you, until you do."]),
    ],
    &[
        (0, &["I was not there on Thursday. I could not get out of the door. Sorry.", "Sorry that I left early. It was too much for me this time."]),
        (1, &["No sorry needed. The chair was there and stays there.", "You do not have to explain. Good that you write."]),
        (2, &["We missed you, and that is all.", "Would you like to walk a little tomorrow, {place}?"]),
        (0, &["Thank you. Next week I try again.", "Yes, that would be good."]),
    ],
    &[
        (0, &["Question for those who are further along: when did the sugar hunger stop?", "How long did it take until food tasted of something again?"]),
        (1, &["Four months. I bake now, as you know. It has not stopped, it has found a purpose.", "Around day {days}, if I remember. Dates helped."]),
        (2, &["It never did with me, and I have decided not to fight on two fronts.", "It comes and goes. {food} helps more than sweets, oddly."]),
        (0, &["On two fronts! I am going to hang that up.", "Good to know. Then I shall enjoy it in peace."]),
    ],
    &[
        (0, &["I read the note from the session again. I had forgotten half of it. Thank you for writing it down.", "I could not come, but I read the note. It is almost like having been there."]),
        (1, &["I added a bit at the end, about the bus. Please look whether that is right.", "I corrected the date and put my own sentence in, hope that is all right."]),
        (2, &["That is what it is there for.", "It is everyone's. Write into it."]),
    ],
    &[
        (0, &["My sister called, after two years. We talked about the weather for ten minutes and both cried at the end.", "My father shook my hand {day}. Nothing was said. You must know that he does not shake hands."]),
        (1, &["The weather is a very important subject.", "I have goose bumps."]),
        (2, &["Ten minutes! That is a great deal.", "Some things do not need any words at all."]),
        (0, &["I thought so too.", "I have not washed it since. The hand. I am joking."]),
        (3, &["Thank you for telling us this.", "I am so happy for you."]),
    ],
];

const EVENINGS: &[Talk] = &[
    &[
        (0, &["It is {time} and the shop is still open.", "Sitting in the car in front of the shop. I have not gone in."]),
        (1, &["I am here. What can you see from where you are?", "Stay with us. Tell me five things that you can see."]),
        (0, &["A cat. A red bicycle. The sign. My hands.", "The bakery, closed. A boy with a ball. Rain on the windscreen."]),
        (1, &["Good. And now drive to the corner, only to the corner.", "Good. Now breathe out longer than in. Ten times."]),
        (0, &["I am home. I am making {food}. Thank you.", "Drove on. I am shaking a little, but I am at home."]),
        (2, &["Well done. Really.", "That was strong. Sleep well, and write in the morning."]),
    ],
    &[
        (0, &["Not good tonight. Nothing has happened, it is only loud in my head.", "The house is so quiet since {day}."]),
        (1, &["Want to talk, or shall we just write about something else?", "I know that quiet. Shall I call you?"]),
        (0, &["Something else, please. Anything.", "Writing is better, I would only cry."]),
        (1, &["My goat has eaten the neighbour's hat. The straw one. With the ribbon.", "Then I will tell you about the bus driver today, who drove the whole line singing."]),
        (2, &["With the ribbon!!", "Which one is that? I want that bus."]),
        (0, &["I had to laugh out loud, alone in the kitchen. Thank you.", "It is better now. You are good people."]),
    ],
    &[
        (0, &["Dreamt again that I drank. Woke up and searched the flat for the bottle.", "That dream again. I still had the taste in my mouth."]),
        (1, &["I have that too. It was a dream. You did not drink.", "They come for a year or so. Mine became fewer."]),
        (0, &["How long until one believes it in the morning?", "It feels like having done it."]),
        (3, &["With me: coffee, window open, and say the number of days out loud.", "But you were frightened, and that is worth something. The old you would have been disappointed that it was only a dream."]),
        (0, &["{days}. I have said it. The pigeon looked at me.", "I had not seen it that way. Thank you."]),
    ],
    &[
        (0, &["Quarrel at home. I am standing {place}.", "I walked out before I said something. Standing {place} now, in slippers."]),
        (1, &["Good that you went. Are you warm enough?", "Slippers are fine. Nobody looks at feet."]),
        (0, &["It is all right. I am walking up and down.", "My phone is at nine per cent."]),
        (1, &["Walk until it is smaller than you. Then go home and say: I needed air.", "Then quickly: whom will you call if it runs out? Go to {a}, there is a light on."]),
        (0, &["I am back. I said that about the air. It was all right.", "I went there. We had tea. It is all right now."]),
    ],
    &[
        (0, &["Pay day. I have given the money to my sister, as agreed.", "Pay day and everybody goes for one. I said the sentence that we practised."]),
        (1, &["That is the plan working.", "And? What did they say?"]),
        (0, &["It feels silly and it feels good.", "Nothing! They talked about football. All that fear for nothing."]),
        (2, &["Silly and good is my favourite mixture.", "They think about us much less than we believe."]),
    ],
    &[
        (0, &["Can't sleep. It is {time}.", "Awake again. Anyone?"]),
        (1, &["Awake too. Tea?", "Here. The moon is enormous, go and look."]),
        (0, &["Chamomile, like an old aunt.", "You are right. Enormous."]),
        (1, &["Old aunts know things.", "Now put the phone in the kitchen. I do the same. See you in the morning."]),
        (0, &["Good night, then.", "Good night. Phone is going to the kitchen."]),
    ],
    &[
        (0, &["I have to say it here: I drank {day}. Three glasses. I poured the rest away.", "I was not honest on Thursday. I had drunk the evening before."]),
        (1, &["Thank you for saying it. That is the hard part and you have done it.", "It takes courage to write that. I am not disappointed, I am glad that you are here."]),
        (2, &["It does not take the {days} days away from you. Nobody can.", "Are you safe tonight? Is somebody with you?"]),
        (0, &["I am so ashamed.", "My brother is here. I am all right."]),
        (1, &["I know. It says that you are alone with it, and you see that it lies.", "Tomorrow at eight I ring your bell and we walk. No talking needed."]),
        (0, &["Thank you. I come on Thursday.", "All right. Eight."]),
    ],
    &[
        (0, &["The neighbours are celebrating. One can smell it through the wall.", "Wedding next door. They brought a bottle over, meant kindly. It is standing in front of my door."]),
        (1, &["Come over, I have made far too much {food}.", "Do not pick it up. I am coming by in ten minutes and take it away."]),
        (0, &["Really?", "You would do that?"]),
        (1, &["Really. Bring a chair, I only have two.", "I have my shoes on already."]),
        (2, &["I also want {food}.", "That is what I call delivery service."]),
    ],
];

const GOOD_NEWS: &[Talk] = &[
    &[
        (0, &["{days} days today!", "It says {days} on my calendar, and I have drawn a sun beside it."]),
        (1, &["Bravo!", "Look at that!"]),
        (2, &["I remember day one. You sat by the door with your coat on.", "You said then that you would never get to ten."]),
        (0, &["I still have the coat.", "I say many things."]),
    ],
    &[
        (0, &["The results are here. The liver values are almost normal.", "The doctor looked at the paper and then at me and smiled. Almost normal!"]),
        (1, &["Oh how good!", "I have waited for this message all day."]),
        (3, &["The body forgives a lot. Celebrate with {food}.", "That is your work. Every single evening of it."]),
    ],
    &[
        (0, &["I have got the job. Early shift, from Monday.", "They called. I can start on Monday, three days a week for now."]),
        (1, &["Congratulations! The early shift is made for you.", "Three days is just right for a beginning."]),
        (0, &["I had to tell them about the gap. They only asked if I can get up at five.", "I told the truth about last year. The woman said: my brother too."]),
        (2, &["And can you?", "You see. There is one of us in every family."]),
        (0, &["Since I stopped, I can do nothing else.", "It seems so."]),
    ],
    &[
        (0, &["{child} stayed overnight with me. First time. We had {food} and both fell asleep at eight.", "I was allowed to take {child} to school, alone. Such a small thing and my heart was in my throat."]),
        (1, &["That is no small thing.", "I am so happy for you that I have to sit down."]),
        (2, &["Was there snoring?", "And tomorrow again?"]),
        (0, &["From one of us. I was told it was me.", "And tomorrow again."]),
    ],
    &[
        (0, &["The beans are coming up. All of them. I counted.", "The first tomato. I have photographed it from every side."]),
        (1, &["How many?", "We expect a full report."]),
        (0, &["Thirty-one. I am insufferable.", "Small, red, slightly crooked. Like me."]),
        (2, &["Please stay that way.", "I want seeds in autumn."]),
    ],
    &[
        (0, &["I went to the festival, sober, danced, and was home at ten.", "Was at the wedding. Lemonade, two dances, home by eleven. It can be done."]),
        (1, &["Danced!", "Was it bad when they raised the glasses?"]),
        (0, &["Badly. But danced.", "One minute. I went out and looked at the cars. Then it was over."]),
        (3, &["I would have liked to see that.", "Looking at cars. I will remember that."]),
    ],
    &[
        (0, &["Last instalment paid. I owe nobody anything.", "I have paid the shop back. She did not want to take it and then we both had something in our eyes."]),
        (1, &["How does it feel?", "Oh, that is lovely."]),
        (0, &["Like having taken off a wet coat.", "As if I could use that street again. I can, now."]),
        (2, &["Then walk about a bit without it.", "Streets are coming back. That was the same with me."]),
    ],
    &[
        (0, &["Read a whole book. From front to back. First one since school.", "I sang in the choir {day}. Second row, quietly, but I sang."]),
        (1, &["Which one?", "I heard! That was you on the left?"]),
        (0, &["The one about the lighthouse keeper. It is about us, really.", "On the left, behind the tall one."]),
        (2, &["May I have it next?", "It sounded fuller than last year, my mother said so too."]),
    ],
];

const PRACTICAL: &[Talk] = &[
    &[
        (0, &["Who can take me along on Thursday? The bus does not run.", "Is anybody driving through the lower village on Thursday?"]),
        (1, &["I can. At half past five at the bridge.", "I have two seats. I start at a quarter past five."]),
        (0, &["Thank you, I will be there.", "One for me, please."]),
        (2, &["Then I take the other one, if I may.", "And back?"]),
        (1, &["Of course.", "Back too, whenever we are done."]),
    ],
    &[
        (0, &["The community room is taken on Thursday, the choir is rehearsing. We are in the old school, upstairs.", "Please note: Thursday at the clinic, room 2. The stove in the community room is broken."]),
        (1, &["Same time?", "Is there a lift? For my knee."]),
        (0, &["Same time, half past six.", "There is a ramp on the side of the yard. I will wait there for you."]),
        (2, &["I put a sign on the door.", "Kind of you. Thank you."]),
    ],
    &[
        (0, &["Who has the big thermos?", "The candle box is empty. Can someone get some?"]),
        (1, &["It is with me. I bring it, full.", "I pass the shop tomorrow. Ten?"]),
        (0, &["You are wonderful.", "Ten is good. The money is in the tin."]),
    ],
    &[
        (0, &["Has somebody experience with the form for the sick fund? Page three defeats me.", "I have a letter from the bank here and I do not dare to open it."]),
        (1, &["Bring it along, we will look at it together before the session.", "Bring it unopened. I have opened worse ones."]),
        (2, &["On page three everyone fails. You have to put zero, not leave it empty.", "The advice centre is open on Wednesdays from two. I went with mine, they are kind."]),
        (0, &["Zero! I tried everything else. Thank you.", "All right. Unopened."]),
    ],
    &[
        (0, &["Does anyone know a dentist who does not scold?", "Which doctor here in town can one tell the truth to?"]),
        (1, &["The one behind the post office. She only sighs a little.", "The young one at the clinic, Tuesdays. She listens first."]),
        (0, &["I can live with sighing.", "Thank you, I will call there tomorrow. Really."]),
        (3, &["Shall I come with you? I sit well in waiting rooms.", "Tell us when you have called, then we can clap."]),
    ],
    &[
        (0, &["I have a cot and a pram to give away, well kept. Who needs them, or knows someone?", "We have far too many pumpkins. Please come and take some. Please."]),
        (1, &["My niece is due in spring! May I come by on {day}?", "How many is far too many?"]),
        (0, &["Any time after five.", "I can no longer see the bench in front of the house."]),
        (2, &["What a good circle this is.", "I come with the wheelbarrow."]),
    ],
    &[
        (0, &["Who cooks on the open evening? I can do {food} for twenty.", "For the open evening we still need somebody for the door and somebody for the coffee."]),
        (1, &["I do the bread.", "Door. I like to greet people."]),
        (2, &["And I wash up. I am not joking, I like to do it.", "Coffee is mine, as always."]),
        (0, &["Then we have everything. Half past five for setting up.", "Good. Families are welcome, please tell them so."]),
    ],
    &[
        (0, &["The lower road is flooded again. Take the one by the mill.", "Careful, the bridge is being repaired until {day}. One can walk across, but not drive."]),
        (1, &["Thank you for the warning, I would have driven straight into it.", "Then I will come on foot, it is dry enough."]),
        (2, &["Is anybody stuck? I have the tractor out.", "We can meet at the mill and go together."]),
        (1, &["Not yet.", "At six at the mill."]),
    ],
];

/// What anybody may say at the end.
pub(in super::super) const REPLIES: [&str; 28] = [
    "Thank you for writing this.",
    "I am thinking of you.",
    "That touched me.",
    "I know this so well.",
    "Good that we have this place.",
    "Reading this late, but reading it.",
    "Until Thursday!",
    "You are not alone with it.",
    "One day, and then the next one.",
    "I have read it twice.",
    "I had no network for two days, only now catching up with all of this. You are a great lot.",
    "Same with me, almost word for word.",
    "Let us talk about that on Thursday, shall we?",
    "I take that with me into the week.",
    "How are you today?",
    "And? How did it go on?",
    "Well said.",
    "I needed exactly that today.",
    "Small steps are steps.",
    "I will ask you about it on Thursday, be warned.",
    "That makes me glad.",
    "A hug, if you want one.",
    "You say it better than I could.",
    "I put the kettle on for all of us, in spirit.",
    "Courage.",
    "Look how far you have come.",
    "I keep my fingers crossed.",
    "From up here in the village: greetings, and the stars are out.",
];
