using Microsoft.Extensions.Logging;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Tests;

/// <summary>What the emulator writes down: names of commands and never what stands behind them, and not more than a person can read.</summary>
[Parallelizable(ParallelScope.All)]
public class LogTests
{
    [TestCase("+CMQTTCONNECT", "+CMQTTCONNECT")]
    [TestCase("+CMQTTCONNECT0,\"TCP://H\",60,1,\"U\",\"SECRET\"", "+CMQTTCONNECT0")]
    [TestCase("+FOO \"SECRET\"", "+FOO")]
    [TestCase("+\"SECRET\"", "+")]
    [TestCase("\\Q3", "\\Q3")]
    [TestCase("+A\u001b[31mB", "+A")]
    [TestCase("", "")]
    public void A_name_is_shown_without_what_follows_it(string text, string shown) => Assert.That(CommandName.Shown(text), Is.EqualTo(shown));

    [Test]
    public void A_name_is_shown_up_to_32_characters() => Assert.That(CommandName.Shown("+" + new string('A', 500)), Is.EqualTo("+" + new string('A', 32)));

    [Test]
    public void Every_log_line_has_a_number_of_its_own()
    {
        const System.Reflection.BindingFlags All = System.Reflection.BindingFlags.DeclaredOnly | System.Reflection.BindingFlags.Public
            | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Instance;
        int[] numbers = [.. typeof(Sim7600Emulator).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(All))
            .Select(method => (LoggerMessageAttribute?)Attribute.GetCustomAttribute(method, typeof(LoggerMessageAttribute)))
            .OfType<LoggerMessageAttribute>()
            .Select(message => message.EventId)];
        Assert.That(numbers, Has.Length.GreaterThan(15).And.Unique);
    }

    [Test]
    public async Task A_module_that_switches_itself_off_says_why_nothing_answers()
    {
        using var log = new Notes();
        await using var bench = new ModemBench(log: log);
        await bench.SayAsync("AT+CPOF\r", "\r\nOK\r\n");
        Assert.That(log.Text, Does.Contain("off (AT+CPOF)").And.Contain("ResetAsync"));
    }

    [TestCase("tcp://h", 1)]
    [TestCase("tcp://h:1", 0)]
    public async Task An_address_that_is_too_short_is_told_as_that(string address, int lines)
    {
        using var log = new Notes();
        await using var bench = new ModemBench(log: log);
        await bench.TypeAsync("AT+CMQTTSTART\r");
        await bench.TypeAsync("AT+CMQTTACCQ=1,\"d\"\r");
        await bench.TypeAsync($"AT+CMQTTCONNECT=1,\"{address}\",60,1\r");
        Assert.That(log.Lines.Count(line => line.Contains("client 1: the server address has 7 bytes", StringComparison.Ordinal)), Is.EqualTo(lines), log.Text);
    }

    [TestCase("-----BEGIN CERTIFICATE-----\r\n", 1)]
    [TestCase("-----BEGIN CERTIFICATE-----\n", 0)]
    [TestCase("\u0030\u0082\r\n", 0, Description = "DER may hold any bytes")]
    public async Task A_PEM_file_with_CR_LF_is_warned_of(string content, int warnings)
    {
        using var log = new Notes();
        await using var bench = new ModemBench(log: log);
        await bench.SayAsync($"AT+CCERTDOWN=\"ca.pem\",{content.Length}\r", "\r\n>");
        await bench.SayAsync(content, "\r\nOK\r\n");
        Assert.That(log.Lines.Count(line => line.Contains("'ca.pem' has CR LF line ends", StringComparison.Ordinal)), Is.EqualTo(warnings));
    }

    [Test]
    public void Names_are_counted_up_to_256_and_then_as_other()
    {
        var unknown = new UnknownCommands();
        for (int i = 0; i < 5000; i++)
        {
            unknown.Add($"+FOO{i}");
        }

        Assert.That(unknown.Add("+FOO7"), Is.EqualTo(("+FOO7", 2)));
        Assert.That(unknown.Counts, Has.Count.EqualTo(257));
        Assert.That(unknown.Counts["other"], Is.EqualTo(5000 - 256));
    }

    [TestCase("AT+CMQTTCONNECT0,\"tcp://h\",60,1,\"u\",\"S3CRET\"\r")]
    [TestCase("AT+FOO \"S3CRET\"\r")]
    [TestCase("AT+FOO\u001b\u0007S3CRET\r")]
    [TestCase("AT+CMQTTACCQ 0,\"S3CRET\"\r")]
    [TestCase("AT+CPIN S3CRET\r")]
    [TestCase("AT+CPINS3CRET\r")]
    public async Task A_misspelt_command_leaves_its_parameters_nowhere(string typed)
    {
        using var log = new Notes();
        await using var bench = new ModemBench(log: log);
        Assert.That(await bench.TypeAsync(typed), Does.EndWith("\r\nERROR\r\n"));
        string all = log.Text + string.Join(',', (await bench.Modem.GetUnknownCommandsAsync()).Keys) + (await bench.Modem.GetStatusAsync()).LastCommand;
        Assert.That(all, Does.Contain("AT+").And.Not.Contain("S3CRET"));
        Assert.That(all.Any(char.IsControl), Is.False, all);
    }

    [Test]
    public async Task The_same_unknown_command_does_not_flood_the_log()
    {
        using var log = new Notes();
        await using var bench = new ModemBench(log: log);
        for (int i = 0; i < 1000; i++)
        {
            await bench.TypeAsyncQuietly("AT+FOO\r");
        }

        Assert.That(log.Lines.Count(line => line.Contains("unknown command AT+FOO", StringComparison.Ordinal)), Is.EqualTo(4), "1, 10, 100, 1000");
    }

    [Test]
    public async Task Lost_bytes_are_told_once_a_burst()
    {
        using var log = new Notes();
        await using var bench = new ModemBench(FirmwareProfiles.Sim7600 with { DisconnectOrder = ResultOrder.ResultFirst }, log: log);
        await bench.ConnectAsync();
        bench.Broker.Answer = _ => null;
        await bench.TypeAsyncQuietly("AT+CMQTTDISC=0,60\r"); // keeps the line until the broker answers, which it never does
        for (int burst = 1; burst <= 2; burst++)
        {
            for (int i = 0; i < 100; i++)
            {
                await bench.TypeAsyncQuietly(new string('\r', 1024));
            }

            Assert.That(log.Lines.Count(line => line.Contains("bytes are being lost", StringComparison.Ordinal)), Is.EqualTo(1), $"burst {burst}");
        }
    }

    /// <summary>Log lines without their level, all levels.</summary>
    private sealed class Notes : ILogger, IDisposable
    {
        private readonly List<string> _lines = [];
        private readonly Lock _gate = new();

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_gate)
                {
                    return [.. _lines];
                }
            }
        }

        public string Text => string.Join(' ', Lines);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_gate)
            {
                _lines.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
