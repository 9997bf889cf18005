using System.Text;
using CsCheck;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Protocol.Tests.Grammar;

public sealed class AtParameterReaderTests
{
    // What stands after "=" or ": ", and what it must be read as: N number, T text, W word, E empty, ! the line is malformed.
    // Unless said otherwise the lines follow the AT command manual V3.00 or lines of real sessions.
    private static readonly (string Line, string[] Parameters)[] Lists =
    [
        // No parameters at all.
        ("", []),
        ("   ", []),

        // Numbers: decimal, signed, hexadecimal, to the ends of 64 bits and beyond.
        ("0", ["N 0=0"]),
        ("0,1,60", ["N 0=0", "N 1=1", "N 60=60"]),
        ("007", ["N 007=7"]),
        ("-1", ["N -1=-1"]),
        ("5,5,-84,-822", ["N 5=5", "N 5=5", "N -84=-84", "N -822=-822"]),
        ("0xFFFF", ["N 0xFFFF=65535"]),
        ("0X182d", ["N 0X182d=6189"]),
        ("9223372036854775807", ["N 9223372036854775807=9223372036854775807"]),
        ("-9223372036854775808", ["N -9223372036854775808=-9223372036854775808"]),
        ("9223372036854775808", ["W 9223372036854775808"]),
        ("-9223372036854775809", ["W -9223372036854775809"]),
        ("0x7FFFFFFFFFFFFFFF", ["N 0x7FFFFFFFFFFFFFFF=9223372036854775807"]),
        ("0xFFFFFFFFFFFFFFFF", ["W 0xFFFFFFFFFFFFFFFF"]),
        ("0x10000000000000000", ["W 0x10000000000000000"]),

        // Nearly numbers.
        ("0x", ["W 0x"]),
        ("0xG1", ["W 0xG1"]),
        ("-0x10", ["W -0x10"]),
        ("-", ["W -"]),
        ("1 2", ["W 1 2"]),
        ("1.5", ["W 1.5"]),
        ("1e3", ["W 1e3"]),
        ("60\0", ["W 60\0"]),
        ("0x1F\0", ["W 0x1F\0"]),
        ("\t1", ["W \t1"]),

        // Words: addresses and the fields of +CPSI stand without quotes.
        ("10.22.245.74", ["W 10.22.245.74"]),
        ("LTE,Online,460-11,0x775C,EUTRAN-BAND1", ["W LTE", "W Online", "W 460-11", "N 0x775C=30556", "W EUTRAN-BAND1"]),
        ("WCDMA IMT 2000,279", ["W WCDMA IMT 2000", "N 279=279"]),

        // Strings: whatever stands between two quotes, commas, semicolons and blanks too.
        ("\"\"", ["T "]),
        ("\"a,b;c\",1", ["T a,b;c", "N 1=1"]),
        ("\",\"", ["T ,"]),
        ("\"  congstar\"", ["T   congstar"]),
        ("0,0,\"JIO 4G Jio\",7", ["N 0=0", "N 0=0", "T JIO 4G Jio", "N 7=7"]),
        ("\"60\"", ["T 60"]),
        ("\"=?\"", ["T =?"]),
        ("\"caf\u00c3\u00a9\"", ["T caf\u00c3\u00a9"]),
        ("\"\0\r\n\u00ff\"", ["T \0\r\n\u00ff"]),

        // A backslash is a character like any other: there is no escape, so the quote after it ends the string.
        ("\"a\\\",1", ["T a\\", "N 1=1"]),
        ("\"a\\\"b\"", ["!"]),
        ("\"a\"\"b\"", ["!"]),

        // Empty parameters, also the first and the last.
        (",", ["E", "E"]),
        ("0,", ["N 0=0", "E"]),
        (",0", ["E", "N 0=0"]),
        ("0,\"UDP\",,,5000", ["N 0=0", "T UDP", "E", "E", "N 5000=5000"]),
        ("\"a\",", ["T a", "E"]),
        (" , ", ["E", "E"]),

        // Blanks around the commas (a SIM7600G-H takes them in CMQTTCONNECT, T-SIM7600X issue 100), not inside a parameter.
        ("0,\"tcp://broker.example:1883\", 60, 1, \"user\", \"pw\"",
            ["N 0=0", "T tcp://broker.example:1883", "N 60=60", "N 1=1", "T user", "T pw"]),
        (" 0 , \"id\" , 1 ", ["N 0=0", "T id", "N 1=1"]),

        // Broken: a quote that nothing closes, a quote inside a word, something between a closing quote and the comma.
        ("\"", ["!"]),
        ("\"abc", ["!"]),
        ("0,\"abc", ["N 0=0", "!"]),
        ("0,\"abc,1", ["N 0=0", "!"]),
        ("\"abc\"d", ["!"]),
        ("\"abc\" d,1", ["!"]),
        ("abc\"", ["!"]),
        ("ab\"c\",1", ["!"]),
        ("1,2\",3", ["N 1=1", "!"]),
    ];

    private static readonly string[] Pieces =
        ["\"", ",", ";", " ", "0", "-1", "0x1F", "0x", "LTE", "\\", "\0", "\r\n", "\u00ff", "99999999999999999999"];

    private static readonly Gen<byte[]> Wire = Gen.OneOf(
        Gen.Byte.Array[0, 40],
        Gen.Int[0, Pieces.Length - 1].Array[0, 12].Select(Join));

    private static IEnumerable<TestCaseData> EachList() =>
        Lists.Select(list => new TestCaseData(list.Line, list.Parameters).SetArgDisplayNames(AtText.Escape(Encoding.Latin1.GetBytes(list.Line))));

    [TestCaseSource(nameof(EachList))]
    public void A_list_is_read_as_its_parameters(string line, string[] parameters) =>
        Assert.That(ReadAll(Encoding.Latin1.GetBytes(line)), Is.EqualTo(parameters));

    [Test]
    public void Any_bytes_end_in_parameters_or_in_a_malformed_line() =>
        Wire.Sample(
            bytes =>
            {
                // One parameter a comma and one more is the most there can be; ReadAll fails when the end does not stay the end.
                List<string> read = ReadAll(bytes);
                Assert.That(read, Has.Count.LessThanOrEqualTo(bytes.Count(value => value == ',') + 2));
            },
            iter: 5_000);

    [Test]
    public void Without_quotes_the_parameters_are_what_stands_between_the_commas() =>
        Wire.Select(bytes => bytes.Where(value => value != '"').ToArray()).Sample(
            bytes =>
            {
                List<string> values = [];
                var reader = new AtParameterReader(bytes);
                while (reader.TryRead(out AtParameter parameter))
                {
                    values.Add(Encoding.Latin1.GetString(parameter.Value));
                }

                string line = Encoding.Latin1.GetString(bytes).Trim(' ');
                Assert.That(reader.IsMalformed, Is.False);
                Assert.That(values, Is.EqualTo(line.Length == 0 ? [] : line.Split(',').Select(part => part.Trim(' '))));
            },
            iter: 5_000);

    [TestCase("0,17", new long[] { 0, 17 })]
    [TestCase("", new long[0])]
    [TestCase("0,\"17\"", new long[] { 0 })]
    [TestCase("0,,17", new long[] { 0 })]
    [TestCase("0,LTE", new long[] { 0 })]
    [TestCase("0,\"17", new long[] { 0 })]
    public void Numbers_are_taken_until_something_is_none(string line, long[] numbers)
    {
        List<long> taken = [];
        var reader = new AtParameterReader(Encoding.Latin1.GetBytes(line));
        while (reader.TryReadNumber(out long number))
        {
            taken.Add(number);
        }

        Assert.That(taken, Is.EqualTo(numbers));
    }

    [Test]
    public void Text_is_utf8_and_what_is_not_is_shown_as_replaced()
    {
        var reader = new AtParameterReader([(byte)'"', 0xC3, 0xA9, (byte)'"', (byte)',', (byte)'"', 0xFF, (byte)'"']);

        Assert.That(reader.TryRead(out AtParameter valid));
        Assert.That(valid.ToString(), Is.EqualTo("é"));
        Assert.That(reader.TryRead(out AtParameter broken));
        Assert.That(broken.ToString(), Is.EqualTo("\uFFFD"));
        Assert.That(broken.Value.SequenceEqual(new byte[] { 0xFF }), "the bytes themselves stay as they came");
    }

    private static byte[] Join(int[] pieces) => Encoding.Latin1.GetBytes(string.Concat(pieces.Select(piece => Pieces[piece])));

    // "N 60=60", "T a,b", …; a last "!" when the line is malformed.
    private static List<string> ReadAll(byte[] bytes)
    {
        List<string> read = [];
        var reader = new AtParameterReader(bytes);
        while (reader.TryRead(out AtParameter parameter))
        {
            string value = Encoding.Latin1.GetString(parameter.Value);
            bool isNumber = parameter.TryGetNumber(out long number);
            Assert.That(isNumber, Is.EqualTo(parameter.Kind == AtParameterKind.Number));
            Assert.That(isNumber || number == 0);
            Assert.That(parameter.Kind != AtParameterKind.Empty || value.Length == 0);
            read.Add(parameter.Kind switch
            {
                AtParameterKind.Number => $"N {value}={number}",
                AtParameterKind.Empty => "E",
                AtParameterKind kind => $"{kind.ToString()[0]} {value}",
            });
            Assert.That(reader.IsMalformed, Is.False);
            Assert.That(read, Has.Count.LessThanOrEqualTo(bytes.Length + 1), "the reader stands still");
        }

        Assert.That(reader.TryRead(out _), Is.False, "the end stays the end");
        if (reader.IsMalformed)
        {
            read.Add("!");
        }

        return read;
    }
}
