using System.Text;
using CsCheck;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Protocol.Tests.Grammar;

public sealed class AtCommandWriterTests
{
    private static readonly string[] Pieces = [",", ";", " ", "\\", "=?", "é", "\u0001", "\uD83D\uDE00", "0x1F", "tcp://"];

    private static readonly Gen<string> Carriable = Gen.OneOf(
        Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]),
        Gen.Int[1, 0x10FFFF].Where(value => Rune.IsValid(value) && value is not ('"' or '\r' or '\n')).Select(value => new Rune(value).ToString()))
        .Array[0, 12].Select(string.Concat);

    // Null stands for an empty parameter.
    private static readonly Gen<object?[]> Parameters =
        Gen.OneOf(Gen.Long.Select(value => (object?)value), Carriable.Select(value => (object?)value), Gen.Const((object?)null)).Array[0, 8]
            .Where(list => list is not [null]); // "AT+X=" has no parameter; a single empty one cannot be told from that

    // Lines of the AT command manual V3.00, chapters 11 and 16, and of real sessions.
    [Test]
    public void Commands_are_written_as_the_manual_shows_them()
    {
        Assert.That(new AtCommandWriter("+CMQTTSTART").ToString(), Is.EqualTo("AT+CMQTTSTART"));
        Assert.That(new AtCommandWriter("+CMQTTACCQ").Number(0).Text("node-7").ToString(), Is.EqualTo("AT+CMQTTACCQ=0,\"node-7\""));
        Assert.That(new AtCommandWriter("+CMQTTACCQ").Number(0).Text("node-7").Number(1).ToString(), Is.EqualTo("AT+CMQTTACCQ=0,\"node-7\",1"));
        Assert.That(
            new AtCommandWriter("+CIPOPEN").Number(0).Text("UDP").Empty().Empty().Number(5000).ToString(),
            Is.EqualTo("AT+CIPOPEN=0,\"UDP\",,,5000"));
        Assert.That(new AtCommandWriter("+CPIN").Text("").ToString(), Is.EqualTo("AT+CPIN=\"\""));
        Assert.That(new AtCommandWriter("+X").Number(long.MinValue).ToString(), Is.EqualTo("AT+X=-9223372036854775808"));
        Assert.That(new AtCommandWriter("+X").Text("a,b;c\\").ToString(), Is.EqualTo("AT+X=\"a,b;c\\\""));
    }

    [Test]
    public void What_is_written_is_read_back() =>
        Parameters.Sample(
            list =>
            {
                var writer = new AtCommandWriter("+X");
                foreach (object? parameter in list)
                {
                    _ = parameter switch
                    {
                        long number => writer.Number(number),
                        string text => writer.Text(text),
                        _ => writer.Empty(),
                    };
                }

                string line = writer.ToString();
                Assert.That(line, Does.StartWith(list.Length == 0 ? "AT+X" : "AT+X="));
                Assert.That(ReadBack(line), Is.EqualTo(list));
            },
            iter: 5_000);

    [Test]
    public void Any_text_arrives_unchanged_or_is_refused() =>
        Gen.OneOf(Gen.String, Gen.UShort.Array[0, 6].Select(units => new string([.. units.Select(unit => (char)unit)])), Carriable).Sample(
            text =>
            {
                string line;
                try
                {
                    line = new AtCommandWriter("+X").Text(text).ToString();
                }
                catch (ArgumentException)
                {
                    return;
                }

                Assert.That(ReadBack(line), Is.EqualTo(new object[] { text }));
            },
            iter: 5_000);

    // A quote ends the string and CR the line, and no SIMCom manual gives an escape for them; what becomes of LF and NUL is not documented.
    [TestCase("a\"b", "quote", 1)]
    [TestCase("\r", "CR", 0)]
    [TestCase("ab\n", "LF", 2)]
    [TestCase("abc\0d", "NUL", 3)]
    public void What_a_command_cannot_carry_is_refused_by_name_and_place(string text, string character, int position)
    {
        var writer = new AtCommandWriter("+CMQTTACCQ").Number(0);

        Assert.That(
            () => writer.Text(text, "clientId"),
            Throws.ArgumentException
                .With.Property(nameof(ArgumentException.ParamName)).EqualTo("clientId")
                .And.Message.Contains(character).And.Message.Contains($"position {position} "));
        Assert.That(writer.ToString(), Is.EqualTo("AT+CMQTTACCQ=0"), "a refused text leaves no trace");
    }

    // It has no UTF-8 form: the encoder would send U+FFFD, and so another client id than the one asked for.
    [Test]
    public void Half_a_surrogate_pair_is_refused_and_a_whole_one_is_not()
    {
        Assert.That(
            () => AtCommandWriter.EnsureCarriable("ok\uD83D\uDE00\uD83D", "clientId"),
            Throws.ArgumentException.With.Message.Contains("(U+D83D) at position 4 "));
        Assert.That(
            () => AtCommandWriter.EnsureCarriable("\uDE00\uD83D", "clientId"),
            Throws.ArgumentException.With.Message.Contains("(U+DE00) at position 0 "));
        Assert.That(() => AtCommandWriter.EnsureCarriable("\uD83D\uDE00\uD83D\uDE00", "clientId"), Throws.Nothing);
    }

    [Test]
    public void A_secret_is_not_shown_by_the_refusal() =>
        Assert.That(
            () => AtCommandWriter.EnsureCarriable("hunter2\"", "password"),
            Throws.ArgumentException.With.Message.Not.Contains("hunter2"));

    [Test]
    public void A_missing_text_is_refused() =>
        Assert.That(
            () => new AtCommandWriter("+X").Text(null!, "topic"),
            Throws.ArgumentNullException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("topic"));

    [Test]
    public void A_command_has_a_name()
    {
        Assert.That(() => new AtCommandWriter(""), Throws.ArgumentException);
        Assert.That(() => new AtCommandWriter(null!), Throws.ArgumentNullException);
    }

    private static List<object?> ReadBack(string line)
    {
        List<object?> list = [];
        int equals = line.IndexOf('=', StringComparison.Ordinal);
        var reader = new AtParameterReader(Encoding.UTF8.GetBytes(equals < 0 ? "" : line[(equals + 1)..]));
        while (reader.TryRead(out AtParameter parameter))
        {
            list.Add(parameter.Kind switch
            {
                AtParameterKind.Number when parameter.TryGetNumber(out long number) => number,
                AtParameterKind.Text => parameter.ToString(),
                AtParameterKind.Empty => null,
                _ => parameter.Kind,
            });
        }

        Assert.That(reader.IsMalformed, Is.False, line);
        return list;
    }
}
