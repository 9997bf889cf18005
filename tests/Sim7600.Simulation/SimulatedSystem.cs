using Microsoft.Extensions.Logging.Abstractions;
using Sim7600.Emulator;
using Sim7600.Emulator.Lint;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Ports;
using Sim7600.Links;

namespace Sim7600.Simulation;

/// <summary>Modem, line, network and broker of one run, on one clock.</summary>
internal sealed class SimulatedSystem : IAsyncDisposable
{
    private readonly LintCollector _lint;
    private ModemPort? _port;

    public SimulatedSystem(int seed, BootMode boot = BootMode.Real, int longestWay = 150)
    {
        Random = new Random(seed);
        Broker = new SimulatedBroker(Time, new Random(Random.Next())) { LongestWay = TimeSpan.FromMilliseconds(longestWay) };
        Timeline = new Timeline(Time);
        _lint = new LintCollector(new LintOptions { AnswerTime = TimeSpan.Zero }, Time, NullLogger.Instance);
        Modem = new VirtualModem(
            1,
            new VirtualModemOptions { Lint = _lint, Boot = boot, Seed = seed, TimeProvider = Time, Timeline = new TimelineRecorder(Timeline.Note, Time, NullLogger.Instance) },
            Broker);
        Modem.WatchCable(plugged => _ = SetPluggedAsync(plugged));
    }

    public VirtualTime Time { get; } = new();

    public Timeline Timeline { get; }

    /// <summary>Where all chance of the run comes from.</summary>
    public Random Random { get; }

    public SimulatedBroker Broker { get; }

    public VirtualModem Modem { get; }

    /// <summary>What of the driver's doing would fail on a real modem.</summary>
    public LintReport Lint => _lint.Report();

    /// <summary>False while the plug is pulled.</summary>
    public bool IsPlugged { get; private set; } = true;

    /// <summary>Opens the port, as a program does; what had it open before has hung up or is cut off.</summary>
    public async Task<ISerialLink> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsPlugged)
        {
            throw new SerialLinkException(SerialLinkError.NotFound, "There is no port: the modem is unplugged.");
        }

        await HangUpAsync();
        (InMemorySerialLink host, InMemorySerialLink modem) = InMemorySerialLink.CreatePair("simulated");
        _port = new ModemPort(Modem, modem, NullLogger.Instance);
        return host;
    }

    private async Task SetPluggedAsync(bool plugged)
    {
        IsPlugged = plugged;
        if (!plugged)
        {
            await HangUpAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await HangUpAsync();
        await Modem.DisposeAsync();
    }

    private async Task HangUpAsync()
    {
        if (_port is { } port)
        {
            _port = null;
            await port.DisposeAsync();
        }
    }
}
