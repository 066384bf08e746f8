"""What went wrong in the sample: subject, words, service, cause, solution, and the desk's first answer."""

SERVICES = [
    ("Dispatch", False),
    ("E-mail", False),
    ("Back Office", False),
    ("Payroll", False),
    ("Network", False),
    ("Laptops and desks", False),
    ("Sign-in and access", False),
    ("Telephones", False),
]
THANKS = ["It is the one beside the window.", "Yes, also after a restart.", "Only on the second screen.", "LPR-014."]
LOOKING = "Thank you, I am looking at it."
PAST = [
    ("Blank labels after an update", "Labels come out white since the update.", "Dispatch", "software", "Darkness set to 20 on the printer, then printed a test label.", LOOKING),
    ("Printer at packing desk 2 jams", "Every tenth sheet is torn.", "Dispatch", "hardware", "Cleaned the rollers and changed the tray.", "I come by in ten minutes."),
    ("Hand scanner does not read small codes", "The small codes on the blister packs are not read.", "Dispatch", "use", "Turned on the close-up mode and showed it to the shift.", LOOKING),
    ("Outlook asks for the password again and again", "I type it and it asks again.", "E-mail", "access", "Removed the old password from the keychain.", "Please do not change the password, I see it already."),
    ("Cannot send large files by mail", "A plan of 40 MB comes back.", "E-mail", "use", "Sent as a link; the limit is 25 MB.", LOOKING),
    ("Shared mailbox is empty", "The mailbox of purchasing shows nothing.", "E-mail", "software", "Rebuilt the local copy of the mailbox.", LOOKING),
    ("Calendar shows meetings an hour late", "All meetings are an hour off.", "E-mail", "change", "Time zone of the profile was wrong after the update.", LOOKING),
    ("Locked out after holidays", "My password is not taken any more.", "Sign-in and access", "access", "Unlocked the account and set a new password at the desk.", "Please come by with your badge."),
    ("New phone, no second factor", "I changed my phone and cannot sign in.", "Sign-in and access", "access", "Took out the old device and set up the new one.", "I call you back to check that it is you."),
    ("No access to the folder of the audit", "I see the folder but may not open it.", "Sign-in and access", "access", "Added to the group after the owner agreed.", "I ask the owner of the folder."),
    ("Laptop is very slow in the morning", "It takes ten minutes to start.", "Laptops and desks", "hardware", "Changed the disk for a new one and copied the data.", LOOKING),
    ("Second screen stays black", "It worked on Friday.", "Laptops and desks", "hardware", "The cable was broken; changed it.", "Please try the other port first."),
    ("Keyboard types double letters", "Every e comes twice.", "Laptops and desks", "hardware", "New keyboard from stock.", "I bring you another one."),
    ("Dock loses the network", "After lunch the dock has no network.", "Laptops and desks", "software", "New firmware of the dock.", LOOKING),
    ("Battery swells", "The touchpad lifts up.", "Laptops and desks", "hardware", "Taken out of use at once; the battery goes back to the supplier.", "Please shut it down and do not charge it."),
    ("Wi-Fi drops in aisle 7", "The scanners lose their connection there.", "Network", "hardware", "New access point at the end of the aisle.", LOOKING),
    ("No internet in the meeting room", "The cable at the table is dead.", "Network", "use", "The port was not patched.", LOOKING),
    ("VPN breaks every hour", "I have to sign in again each hour.", "Network", "change", "Set the lifetime of the session back to eight hours.", "I see the change of last night."),
    ("Report takes minutes to open", "The list of bills takes minutes.", "Back Office", "software", "An index was missing; it is there now.", LOOKING),
    ("Bill upload says unknown file", "The XML of one supplier is refused.", "Back Office", "supplier", "The supplier sent an old version; a new file came.", "I ask the supplier for a new file."),
    ("Month-end pack did not come", "The pack of last month did not arrive.", "Back Office", "use", "It waits for the period to be closed.", LOOKING),
    ("Payslip shows the old address", "I moved in October.", "Payroll", "use", "The change was entered after the run; the next one has it.", LOOKING),
    ("Time clock at gate 2 is wrong", "It is four minutes fast.", "Payroll", "hardware", "Set to the time server again.", LOOKING),
    ("Headset has no sound", "Callers hear me, I do not hear them.", "Telephones", "use", "The wrong device was chosen as output.", "Please look at the settings of the sound first."),
    ("Desk phone is dead", "No light at all.", "Telephones", "hardware", "New power supply.", LOOKING),
    ("Calls to the switchboard are not answered", "It rings and nobody hears it.", "Telephones", "change", "The forwarding of the summer was still on.", LOOKING),
    ("Ghost calls at night", "The phone in the gatehouse rings at three.", "Telephones", "supplier", "The provider blocked the number.", "I write to the provider."),
]  # fmt: skip
