use super::Talk;

pub(super) const PRACTICAL: &[Talk] = &[
    &[
        (
            0,
            &[
                "Who can take me along on Thursday? The bus does not run.",
                "Is anybody driving through the lower village on Thursday?",
            ],
        ),
        (1, &["I can. At half past five at the bridge.", "I have two seats. I start at a quarter past five."]),
        (0, &["Thank you, I will be there.", "One for me, please."]),
        (2, &["Then I take the other one, if I may.", "And back?"]),
        (1, &["Of course.", "Back too, whenever we are done."]),
    ],
    &[
        (
            0,
            &[
                "The community room is taken on Thursday, the choir is rehearsing. We are in the old school, upstairs.",
                "Please note: Thursday at the clinic, room 2. The stove in the community room is broken.",
            ],
        ),
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
        (
            0,
            &[
                "Has somebody experience with the form for the sick fund? Page three defeats me.",
                "I have a letter from the bank here and I do not dare to open it.",
            ],
        ),
        (
            1,
            &[
                "Bring it along, we will look at it together before the session.",
                "Bring it unopened. I have opened worse ones.",
            ],
        ),
        (
            2,
            &[
                "On page three everyone fails. You have to put zero, not leave it empty.",
                "The advice centre is open on Wednesdays from two. I went with mine, they are kind.",
            ],
        ),
        (0, &["Zero! I tried everything else. Thank you.", "All right. Unopened."]),
    ],
    &[
        (
            0,
            &["Does anyone know a dentist who does not scold?", "Which doctor here in town can one tell the truth to?"],
        ),
        (
            1,
            &[
                "The one behind the post office. She only sighs a little.",
                "The young one at the clinic, Tuesdays. She listens first.",
            ],
        ),
        (0, &["I can live with sighing.", "Thank you, I will call there tomorrow. Really."]),
        (
            3,
            &["Shall I come with you? I sit well in waiting rooms.", "Tell us when you have called, then we can clap."],
        ),
    ],
    &[
        (
            0,
            &[
                "I have a cot and a pram to give away, well kept. Who needs them, or knows someone?",
                "We have far too many pumpkins. Please come and take some. Please.",
            ],
        ),
        (1, &["My niece is due in spring! May I come by on {day}?", "How many is far too many?"]),
        (0, &["Any time after five.", "I can no longer see the bench in front of the house."]),
        (2, &["What a good circle this is.", "I come with the wheelbarrow."]),
    ],
    &[
        (
            0,
            &[
                "Who cooks on the open evening? I can do {food} for twenty.",
                "For the open evening we still need somebody for the door and somebody for the coffee.",
            ],
        ),
        (1, &["I do the bread.", "Door. I like to greet people."]),
        (2, &["And I wash up. I am not joking, I like to do it.", "Coffee is mine, as always."]),
        (
            0,
            &[
                "Then we have everything. Half past five for setting up.",
                "Good. Families are welcome, please tell them so.",
            ],
        ),
    ],
    &[
        (
            0,
            &[
                "The lower road is flooded again. Take the one by the mill.",
                "Careful, the bridge is being repaired until {day}. One can walk across, but not drive.",
            ],
        ),
        (
            1,
            &[
                "Thank you for the warning, I would have driven straight into it.",
                "Then I will come on foot, it is dry enough.",
            ],
        ),
        (2, &["Is anybody stuck? I have the tractor out.", "We can meet at the mill and go together."]),
        (1, &["Not yet.", "At six at the mill."]),
    ],
];
