using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sim7600.Emulator.Lint;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator.Replay;

/// <summary>A virtual modem on virtual time, in the state that a transcript starts in, with the broker that it names.</summary>
internal sealed class EmulatedReplayModem : IReplayModem
{
    private readonly FakeTimeProvider _time = new();
    private readonly VirtualModem _modem;
    private readonly LintCollector? _lint;
    private readonly List<byte> _printed = [];
    private readonly Lock _gate = new();
    private readonly WriteSplit _split;
    private readonly Random _random;

    public EmulatedReplayModem(GivenState given, RecordedNetwork network, FirmwareProfile profile, WriteSplit split, int seed, LintOptions? lint = null)
    {
        _split = split;
        _random = new Random(seed);
        _lint = lint is null ? null : new LintCollector(lint, _time, NullLogger.Instance);
        _modem = new VirtualModem(
            1,
            new VirtualModemOptions { Profile = profile, Given = given, Boot = BootMode.None, TimeProvider = _time, Lint = _lint },
            new GivenBrokerBridge(given.Broker ?? GivenBroker.Accepting));
        _modem.Post(() => network.Surround(_modem));
        _modem.Attach(bytes =>
        {
            lock (_gate)
            {
                _printed.AddRange(bytes);
            }
        });
    }

    /// <summary>What the linter has found; null without one.</summary>
    public LintReport? Lint => _lint?.Report();

    public async Task TypeAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> rest = bytes;
        while (!rest.IsEmpty)
        {
            int count = _split switch
            {
                WriteSplit.Whole => rest.Length,
                WriteSplit.Bytes => 1,
                _ => _random.Next(1, rest.Length + 1),
            };
            _modem.Receive(rest[..count].ToArray());
            rest = rest[count..];
        }

        await _modem.SettleAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<string> PrintedAsync(CancellationToken cancellationToken)
    {
        await _modem.SettleAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            string text = Encoding.UTF8.GetString([.. _printed]);
            _printed.Clear();
            return text;
        }
    }

    public async Task HappenAsync(OutsideEvent happening, CancellationToken cancellationToken)
    {
        _modem.Post(() => happening.Happen(_modem));
        await _modem.SettleAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (await _modem.GetUntilNextAsync().WaitAsync(cancellationToken).ConfigureAwait(false) is not { } next)
        {
            return false;
        }

        // The scheduler's timer has whole milliseconds.
        _time.Advance(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(next.TotalMilliseconds))));
        await _modem.SettleAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    public ValueTask DisposeAsync() => _modem.DisposeAsync();
}
