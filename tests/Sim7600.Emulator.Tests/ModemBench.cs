using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sim7600.Emulator.Broker;
using Sim7600.Emulator.Line;
using Sim7600.Emulator.Lint;
using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Tests;

/// <summary>A modem on the bench: bytes in, bytes out, a broker that does what it is told, and a clock that the test turns.</summary>
internal sealed class ModemBench : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly StringBuilder _output = new();
    private readonly Lock _gate = new();
    private readonly LintCollector? _lint;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ModemBench(FirmwareProfile? profile = null, BootMode boot = BootMode.None, bool echo = false, Microsoft.Extensions.Logging.ILogger? log = null, IBrokerBridge? bridge = null, Action<TimelineEntry>? timeline = null, int? baudRate = null, IHostEnd? host = null, LintOptions? lint = null)
    {
        _lint = lint is null ? null : new LintCollector(lint, Time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        Modem = new VirtualModem(1, new VirtualModemOptions { Lint = _lint, Profile = profile ?? FirmwareProfiles.Sim7600, Boot = boot, BaudRate = baudRate, TimeProvider = Time, Log = log, Timeline = timeline is null ? null : new TimelineRecorder(timeline, Time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance) }, bridge ?? Broker);
        Modem.Attach(bytes =>
        {
            TaskCompletionSource more;
            lock (_gate)
            {
                _output.Append(Encoding.Latin1.GetString(bytes));
                more = _more;
                _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            more.TrySetResult();
        }, host);
        if (!echo && boot == BootMode.None)
        {
            Modem.Post(() => Modem.Line.Echo = false);
        }
    }

    public FakeTimeProvider Time { get; } = new();

    public ScriptedBroker Broker { get; } = new();

    public VirtualModem Modem { get; }

    /// <summary>True when the modem has printed something that nobody has looked at.</summary>
    public bool HasPrinted
    {
        get
        {
            lock (_gate)
            {
                return _output.Length > 0;
            }
        }
    }

    /// <summary>What the linter has found so far.</summary>
    public LintReport Lint => _lint!.Report();

    /// <summary>Types bytes (Latin-1, so every char is one byte) and returns what the modem printed in the same breath.</summary>
    public async Task<string> TypeAsync(string bytes)
    {
        Modem.Receive(Encoding.Latin1.GetBytes(bytes));
        return await PrintedAsync();
    }

    /// <summary>What the modem has printed since the last look, once it has nothing left to do.</summary>
    public async Task<string> PrintedAsync()
    {
        // A turn of our own behind everything queued so far; the turn after it comes when its output has been handed over.
        for (int i = 0; i < 2; i++)
        {
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Modem.Post(turn.SetResult);
            await turn.Task.WaitAsync(Patience);
        }

        lock (_gate)
        {
            string text = _output.ToString();
            _output.Clear();
            return text;
        }
    }

    /// <summary>Waits for exactly these bytes as the next output; for answers that a broker triggers.</summary>
    public Task ExpectAsync(string expected) => ExpectEitherAsync(expected);

    /// <summary>Waits for one of these as the next output, and says which; for races that both sides may win.</summary>
    public async Task<string> ExpectEitherAsync(params string[] expected)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                string text = _output.ToString();
                if (expected.FirstOrDefault(one => text.StartsWith(one, StringComparison.Ordinal)) is { } came)
                {
                    _output.Remove(0, came.Length);
                    return came;
                }

                if (!expected.Any(one => one.StartsWith(text, StringComparison.Ordinal)))
                {
                    Assert.That(text, Does.StartWith(expected[^1]));
                }

                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                lock (_gate)
                {
                    Assert.Fail($"Expected '{string.Join("' or '", expected.Select(Show))}', the modem printed '{Show(_output.ToString())}'.");
                }
            }
        }
    }

    /// <summary>Types bytes and leaves the output to a later look.</summary>
    public async Task TypeAsyncQuietly(string bytes)
    {
        Modem.Receive(Encoding.Latin1.GetBytes(bytes));
        await SettleAsync();
    }

    /// <summary>Types a command and expects exactly these bytes; <paramref name="_"/> says why.</summary>
    public async Task SayAsync(string bytes, string expected, string _ = "")
    {
        Modem.Receive(Encoding.Latin1.GetBytes(bytes));
        await ExpectAsync(expected);
    }

    /// <summary>Brings client 0 to a connection.</summary>
    public async Task ConnectAsync()
    {
        await SayAsync("AT+CMQTTSTART\r", "\r\n+CMQTTSTART: 0\r\n\r\nOK\r\n");
        await SayAsync("AT+CMQTTACCQ=0,\"dev-1\"\r", "\r\nOK\r\n");
        await SayAsync("AT+CMQTTCONNECT=0,\"tcp://broker.example:1883\",60,1\r", "\r\nOK\r\n\r\n+CMQTTCONNECT: 0,0\r\n");
    }

    /// <summary>Turns the clock and returns what the modem printed.</summary>
    public async Task<string> PassAsync(TimeSpan time)
    {
        await SettleAsync();
        Time.Advance(time);
        return await PrintedAsync();
    }

    public ValueTask DisposeAsync() => Modem.DisposeAsync();

    /// <summary>Lets the modem do what it has to do, and leaves its output to a later look.</summary>
    public async Task SettleAsync()
    {
        string text = await PrintedAsync();
        lock (_gate)
        {
            _output.Insert(0, text);
        }
    }

    private static string Show(string text) => Protocol.Grammar.AtText.Escape(Encoding.Latin1.GetBytes(text));
}
