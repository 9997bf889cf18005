using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sim7600.Emulator;
using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Replay;
using Sim7600.Emulator.Scenarios;
using static Sim7600.Fuzzing.BrokenPromiseException;

namespace Sim7600.Fuzzing;

/// <summary>A software modem on virtual time, with a broker that accepts all and a network without a far end; what it prints is counted.</summary>
internal sealed class FuzzedModem : IAsyncDisposable, ILogger
{
    /// <summary>The event of a command handler that threw.</summary>
    private const int CommandFailed = 2004;

    /// <summary>More than any command line makes the modem print: 500 bytes of it repeat the longest listing some 90 times.</summary>
    private const int MostOutputOfOneLine = 4 * 1024 * 1024;

    private readonly FakeTimeProvider _time = new();
    private readonly VirtualModem _modem;
    private readonly StringBuilder _tail = new();
    private long _printed;
    private volatile BrokenPromiseException? _fault;

    public FuzzedModem(GivenState? given = null, IReadOnlyList<ScheduledFault>? faults = null, BootMode boot = BootMode.None)
    {
        given ??= new GivenState();
        _modem = new VirtualModem(
            1,
            new VirtualModemOptions { Given = given, Boot = boot, TimeProvider = _time, Log = this },
            new GivenBrokerBridge(given.Broker ?? GivenBroker.Accepting));
        _modem.Post(() => new RecordedNetwork([]).Surround(_modem));
        _modem.Attach(bytes =>
        {
            _printed += bytes.Length;
            _tail.Append(Encoding.Latin1.GetString(bytes.AsSpan(Math.Max(0, bytes.Length - 200))));
            _tail.Remove(0, Math.Max(0, _tail.Length - 200));
        });
        foreach (ScheduledFault fault in faults ?? [])
        {
            _modem.Faults.Inject(fault);
        }
    }

    /// <summary>Types bytes and waits until the modem has nothing left to do at this instant.</summary>
    public async Task TypeAsync(byte[] bytes)
    {
        long before = _printed;
        _modem.Receive(bytes);
        await SettleAsync();
        int lines = bytes.Count(each => each is (byte)'\r' or (byte)'\n' or (byte)'/') + 1;
        Unless(_printed - before <= (long)lines * MostOutputOfOneLine, "what a line makes the modem print is bounded");
    }

    /// <summary>Lets time pass until the modem has done something by itself, so many times.</summary>
    public async Task PassAsync(int times)
    {
        for (; times > 0 && await _modem.GetUntilNextAsync() is { } next; times--)
        {
            _time.Advance(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(next.TotalMilliseconds))));
            await SettleAsync();
        }
    }

    /// <summary>Ends whatever the modem waits for, as a host would, and asks whether it answers.</summary>
    public async Task AnswerAsync()
    {
        for (int round = 0; round < 80; round++)
        {
            await PassAsync(30);
            await WakeAsync();
            await TypeAsync([0x1B]);
            await TypeAsync([.. Enumerable.Repeat((byte)'\r', round == 0 ? 1 : 16 * 1024)]);
            await PassAsync(30);
            await TypeAsync("ATQ0V1E0\r"u8.ToArray());
            _tail.Clear();
            await TypeAsync("AT\r"u8.ToArray());
            if (_tail.ToString().Contains("\r\nOK\r\n", StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new BrokenPromiseException("the modem does not answer AT any more");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _modem.DisposeAsync();

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == CommandFailed)
        {
            _fault = new BrokenPromiseException(formatter(state, exception), exception);
        }
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    private async Task SettleAsync()
    {
        await _modem.SettleAsync();
        if (_fault is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>Presses the power key of a module that has switched itself off or sleeps.</summary>
    private async Task WakeAsync()
    {
        bool isOn = true;
        _modem.Post(() =>
        {
            _modem.SetHostDtr(asserted: true);
            isOn = _modem.IsOn;
        });
        await SettleAsync();
        if (!isOn)
        {
            await _modem.ResetAsync();
            await PassAsync(10);
        }
    }
}
