using Sim7600.Cli.Emulate;
using Sim7600.Cli.Host;
using Sim7600.Cli.Output;
using Sim7600.Cli.Replay;
using Sim7600.Emulator;
using Sim7600.Mqtt;
using Spectre.Console;

namespace Sim7600.Cli.Tests;

/// <summary>What the tool makes of texts, lines and terminals.</summary>
[Parallelizable(ParallelScope.All)]
public class OutputTests
{
    [TestCase("a\r\nb", "a b")]
    [TestCase("\u001b[31mred\u0007", "\\x1B[31mred\\x07")]
    [TestCase("grüße", "grüße")]
    public void One_line_has_no_control_characters(string text, string shown) => Assert.That(OneLine.Of(text), Is.EqualTo(shown));

    [Test]
    public async Task A_fault_that_came_before_it_was_watched_for_ends_a_publication()
    {
        var fault = new ManagedMqttTransition(default, ManagedMqttState.Faulted, null, "the broker refuses the password.");
        CommandFailedException error = (await Assert.ThrowsAsync<CommandFailedException>(() => OutboxPublication.FaultAsync(AsyncEnumerable.Empty<ManagedMqttTransition>(), () => fault)))!;
        Assert.That(error.Message, Does.StartWith("the broker refuses the password. What was accepted"));
    }

    [Test]
    public void A_line_of_a_session_neither_steers_nor_fills_the_terminal()
    {
        Assert.That(ReplayCommand.Shown("  - \u001b[2J\0"), Is.EqualTo("  - \\x1B[2J\\x00"), "its indent stays");
        Assert.That(ReplayCommand.Shown(new string('A', 1_000_000)), Has.Length.EqualTo(1000).And.EndsWith("…"));
    }

    [Test]
    public void A_sentence_has_no_parameter_name_and_one_full_stop()
    {
        Assert.That(Failure.Sentence(new ArgumentException("Too long.", "topic")), Is.EqualTo("Too long."));
        Assert.That(Failure.Sentence(new ArgumentOutOfRangeException("keepAlive", 7, "KeepAlive is 1 to 2.")), Is.EqualTo("KeepAlive is 1 to 2."));
        Assert.That(Failure.Sentence(new IOException("It is gone..")), Is.EqualTo("It is gone."));
        Assert.That(Failure.Sentence(new IOException("Is the port right?")), Is.EqualTo("Is the port right?"));
    }

    [TestCase("a\r\n\nlast", new[] { "61-0D", "", "6C-61-73-74" })]
    [TestCase("\u00ef\u00bb\u00bfx\n\u00ff\n", new[] { "EF-BB-BF-78", "FF" }, Description = "byte order mark and broken UTF-8 stay")]
    [TestCase("", new string[0])]
    [TestCase("123456\nafter\n", new[] { "31-32-33-34-35-36" }, Description = "too long, cut and the last")]
    public async Task Lines_of_stdin_are_bytes_split_at_LF(string typed, string[] lines)
    {
        var read = new List<string>();
        await foreach (byte[] line in InputLines.Read(new MemoryStream(System.Text.Encoding.Latin1.GetBytes(typed)), longest: 5).ReadAllAsync())
        {
            read.Add(BitConverter.ToString(line));
        }

        Assert.That(read, Is.EqualTo(lines));
    }

    [TestCase("mqtt://u:s3cret@h:1883")]
    [TestCase("http://u:s3cret@h")]
    [TestCase("u:s3cret@h")]
    public void A_password_in_a_broker_address_is_refused_and_not_shown(string text)
    {
        UsageException error = Assert.Throws<UsageException>(() => EmulateSettings.Broker(text))!;
        Assert.That(error.Message, Does.Contain("password").And.Not.Contain("s3cret"));
    }

    [TestCase("mqtt://h:1?x")]
    [TestCase("mqtt://h:0")]
    [TestCase("mqtt://h/a")]
    [TestCase("mqtt://h#a")]
    public void A_broker_address_is_host_and_port(string text) => Assert.Throws<UsageException>(() => EmulateSettings.Broker(text));

    [TestCase(80, 12, 100)]
    [TestCase(80, 7, 100)]
    [TestCase(80, 12, 1)]
    [TestCase(140, 40, 100)]
    public void The_live_table_fits_the_terminal(int width, int height, int modems)
    {
        ModemStatus[] all =
        [
            .. Enumerable.Range(1, modems).Select(number => new ModemStatus(
                number, true, 1, 20, true, ["a-client-with-a-long-name connected", "free"], 1_000_000, 2_000_000, "AT+CMQTTCONNECT")),
        ];
        string[] ports = [.. all.Select(each => $"/tmp/some/rather/long/folder/name/ttySIM7600-{each.Number}")];
        string[] log = [.. Enumerable.Repeat("Modem 1: a line of the log that is longer than the terminal is wide, and then some more words to be sure of that", 8)];
        string[] lines = Render(LiveTable.Draw(all, ports, "127.0.0.1:1883", log, width, height), width);
        Assert.That(lines, Has.Length.LessThanOrEqualTo(height), string.Join('\n', lines));
        Assert.That(lines[0], Does.Contain("127.0.0.1:1883"));
        Assert.That(lines, Has.Some.Contains("ttySIM7600-1"));
        Assert.That(lines.Any(line => line.Contains("more", StringComparison.Ordinal) && line.StartsWith('…')), Is.EqualTo(modems > height));
    }

    private static string[] Render(Spectre.Console.Rendering.IRenderable what, int width)
    {
        using var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = width;
        console.Write(what);
        return [.. writer.ToString().TrimEnd('\n').Split('\n').Select(line => line.TrimEnd('\r'))];
    }
}
