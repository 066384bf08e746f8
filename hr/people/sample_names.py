"""Names, streets and towns from which the sample draws its people."""

FIRST = """
Adam Agnes Aidan Alice Amara Amelia Andrew Anita Arjun Aylin Beth Bogdan Callum Carmen Carys Catherine Chloe Claire
Craig Daisy Dariusz David Deepa Dylan Eilidh Elena Elliot Emily Erin Esme Ethan Farah Fergus Finlay Freya Gemma George
Gwen Hamish Harriet Hassan Heather Hugo Ian Ioana Iris Isla Jack Jamal Jasmine Joanna Joel Kamil Karen Kayleigh Kieran
Laura Leon Lewis Lowri Lucy Luis Magda Malik Maria Martha Megan Mohammed Morag Nadia Natalie Neil Nia Noor Oliver Omar
Oskar Patrick Paula Pavel Rachel Rhys Robert Rosie Ruth Sadia Sam Sanjay Sarah Sean Simon Sofia Stella Stuart Tamsin
Tariq Thomas Una Victoria Wiktor Yasmin Zara Zoe
"""
LAST = """
Abbott Ahmed Akhtar Allan Armitage Baines Banerjee Barker Begum Blackwood Booth Bright Brook Cairns Campbell Chen Clegg
Cooper Costa Crawford Dalton Davies Dhillon Douglas Dyson Edwards Evans Farrell Fielding Forsyth Fraser Gill Goddard
Greenwood Griffiths Haigh Hamilton Hartley Holroyd Hussain Iqbal Jackson Jarvis Jones Kaur Kelly Kowalski Lambert Lewis
Lockwood Macleod Mahmood Marsden Mensah Mistry Morgan Murphy Naylor Novak Obi Ogden Parry Patel Pawlak Pickles Popescu
Powell Price Quigley Rees Richards Robertson Rowe Russell Shah Sharma Shaw Silva Sinclair Smith Stewart Sutcliffe Sykes
Taylor Thapa Thomas Turner Walsh Watson Whitaker Wilson Wojcik Wright Yates Young
"""
STREETS = ["High Street", "Station Road", "Mill Lane", "Church Street", "Victoria Terrace", "Chapel Row", "Park Avenue"]
# town, post town's letters, country, how often
TOWNS = [
    ("Leeds", "LS", "GB", 48),
    ("Bradford", "BD", "GB", 12),
    ("Wakefield", "WF", "GB", 8),
    ("Bristol", "BS", "GB", 18),
    ("Glasgow", "G", "GB", 5),
    ("Edinburgh", "EH", "GB", 3),
    ("Cardiff", "CF", "GB", 4),
    ("Swansea", "SA", "GB", 2),
]
