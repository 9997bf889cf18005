using System.Threading.Channels;
using Sim7600.Protocol;
using Sim7600.Protocol.Results;

namespace Sim7600.Driver.Channel;

/// <content>Getting back in step after a command was given up, and finding a modem in the first place.</content>
/// <remarks>
/// Replies carry no id, so after a given-up command nobody knows what is still to come. The channel first keeps what it promised (a modem
/// that was told to take 100 bytes takes the next command as data otherwise), then waits for a quiet line, then asks <c>AT+CMEE?</c>. That
/// question changes nothing, every firmware knows it without SIM and network, and unlike that of <c>AT</c> its answer is recognisable:
/// late lines before <c>+CMEE:</c> are dropped, and the <c>OK</c> after it is its own, since the modem answers in order. It must succeed
/// twice: questions that got no answer in time may all be answered at once later, and only the quiet before the second one drains those.
/// </remarks>
public sealed partial class AtChannel
{
    private static readonly byte[] Question = "AT+CMEE?\r"u8.ToArray();
    private static readonly string[] ProbeLines = ["AT\r", "AT\r", "ATQ0V1\r"];

    private readonly List<(AtResultLine Line, long Since)> _owed = [];
    private Channel<Heard>? _listener;
    private Promise? _promise;
    private bool _unsynchronised;

    private bool NeedsSynchronising
    {
        get
        {
            lock (_gate)
            {
                return _unsynchronised;
            }
        }
    }

    /// <summary>Finds out whether a modem is there, for the holder of the lease. The next command gets in step first.</summary>
    /// <returns>True once something answered <c>OK</c>.</returns>
    /// <remarks>
    /// The line may be in any state: a modem that boots is silent for 12 s and more and forgets what was sent; junk in its line buffer
    /// turns the first <c>AT</c> into an <c>ERROR</c> or into nothing; result codes may be off (Q1) or digits (V0); or a host that
    /// crashed left the modem waiting for data, where every <c>AT</c> is data. So <c>AT</c> comes first, then <c>ATQ0V1</c>, and only
    /// when all were silent blank CRs fill the count: 1,024 for a topic, then 10,240 for a payload. In command mode they are empty
    /// lines, and what they fill in is replaced by the next TOPIC and PAYLOAD before anything is published.
    /// </remarks>
    internal async Task<bool> ProbeAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token, _closing.Token);
        Channel<Heard> heard = Listen();
        lock (_gate)
        {
            Observe();
        }

        try
        {
            for (int attempt = 0; ; attempt++)
            {
                await WriteAsync(System.Text.Encoding.ASCII.GetBytes(ProbeLines[attempt % ProbeLines.Length]), stop.Token).ConfigureAwait(false);
                if (await AnsweredProbeAsync(heard, stop.Token).ConfigureAwait(false))
                {
                    return true;
                }

                if (attempt == 2 || attempt == 5)
                {
                    await PadAsync(attempt == 2 ? CmqttLimits.Topic : CmqttLimits.Payload, stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfClosed("");
            return false;
        }
        catch (Links.SerialLinkException exception)
        {
            Close(new Links.SerialLinkLoss("writing to it failed", Cause: exception));
            throw ClosedException("", wasWritten: false);
        }
        finally
        {
            StopListening();
        }
    }

    private async Task<bool> AnsweredProbeAsync(Channel<Heard> heard, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        while (await HearAsync(heard, _options.SynchroniseAttempt - _time.GetElapsedTime(started), cancellationToken).ConfigureAwait(false) is { } next)
        {
            switch (next.Line)
            {
                case "OK":
                    return true;
                case "0" or "4":
                    await WriteAsync("ATV1\r"u8.ToArray(), cancellationToken).ConfigureAwait(false);
                    break;
                case null:
                    // ESC ends an SMS prompt without sending; for a counted prompt it is one byte of data like the CRs after it.
                    await WriteAsync("\x1B"u8.ToArray(), cancellationToken).ConfigureAwait(false);
                    await PadAsync(CmqttLimits.Topic, cancellationToken).ConfigureAwait(false);
                    break;
                case "ERROR":
                    return false;
            }
        }

        return false;
    }

    private async Task SynchroniseAsync(AtCommand waiting, CancellationToken cancellationToken)
    {
        _logger.Synchronising(Name);
        using var limit = new CancellationTokenSource(_options.SynchroniseTimeout, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token, _closing.Token);
        Channel<Heard> heard = Listen();
        int dropped = 0;
        lock (_gate)
        {
            Observe();
        }

        try
        {
            await KeepPromiseAsync(heard, stop.Token).ConfigureAwait(false);
            for (int confirmed = 0, silent = 0; confirmed < 2;)
            {
                while (await HearAsync(heard, _options.QuietTime, stop.Token).ConfigureAwait(false) is not null)
                {
                    dropped++;
                    CountQuarantined();
                }

                await WriteAsync(Question, stop.Token).ConfigureAwait(false);
                if (await AnsweredQuestionAsync(heard, stop.Token).ConfigureAwait(false))
                {
                    confirmed++;
                    continue;
                }

                confirmed = 0;
                if (++silent == 3)
                {
                    // A prompt that was lost on the line looks like this. Padding is harmless where there was none.
                    await PadAsync(CmqttLimits.Payload, stop.Token).ConfigureAwait(false);
                }
            }

            lock (_gate)
            {
                _unsynchronised = false;
            }

            _logger.Synchronised(Name, dropped);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfClosed(waiting.ToString());
            LineObservation seen;
            lock (_gate)
            {
                seen = Observed(SymptomOfSilence());
            }

            throw new AtTimeoutException(waiting.ToString(), wasWritten: false, "getting back in step", seen);
        }
        catch (Links.SerialLinkException exception)
        {
            Close(new Links.SerialLinkLoss("writing to it failed", Cause: exception));
            throw ClosedException(waiting.ToString(), wasWritten: false);
        }
        finally
        {
            StopListening();
        }
    }

    private async Task<bool> AnsweredQuestionAsync(Channel<Heard> heard, CancellationToken cancellationToken)
    {
        bool recognised = false;
        long started = _time.GetTimestamp();
        while (await HearAsync(heard, _options.SynchroniseAttempt - _time.GetElapsedTime(started), cancellationToken).ConfigureAwait(false) is { } next)
        {
            if (next.Line is null)
            {
                await PadAsync(CmqttLimits.Topic, cancellationToken).ConfigureAwait(false);
                return false;
            }

            if (next.Line.StartsWith("+CMEE:", StringComparison.Ordinal))
            {
                recognised = true;
            }
            else if (recognised && next.Line == "OK")
            {
                return true;
            }
            else if (next.Line != "AT+CMEE?")
            {
                CountQuarantined();
            }
        }

        return false;
    }

    private async Task KeepPromiseAsync(Channel<Heard> heard, CancellationToken cancellationToken)
    {
        Promise? promise;
        lock (_gate)
        {
            promise = _promise;
        }

        if (promise is null)
        {
            return;
        }

        // A late prompt gets the data, a late answer ends the matter; else the count is filled, whether the prompt or data bytes were lost.
        bool prompted = promise.PromptSeen && !promise.AwaitsAnswer;
        long started = _time.GetTimestamp();
        while (!prompted && !promise.Pad
            && await HearAsync(heard, _options.LatePromptTime - _time.GetElapsedTime(started), cancellationToken).ConfigureAwait(false) is { } next)
        {
            prompted = next.Line is null && !promise.AwaitsAnswer;
            if (next.Line is { } line && AtFinalResult.TryParse(System.Text.Encoding.UTF8.GetBytes(line), out AtFinalResult final)
                && (promise.AwaitsAnswer || !final.IsSuccess))
            {
                lock (_gate)
                {
                    _promise = null;
                }

                return;
            }
        }

        lock (_gate)
        {
            if (_promise is null)
            {
                // The modem has booted meanwhile and waits for nothing.
                return;
            }

            _promise = promise with { Pad = true };
        }

        if (prompted && !promise.Pad)
        {

            _logger.PromiseFulfilled(Name, promise.Count, "the data itself");
            await WriteBoundedAsync(promise.Data, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _logger.PromiseFulfilled(Name, promise.Count, "blank lines");
            await PadAsync(promise.Count, cancellationToken).ConfigureAwait(false);
        }

        lock (_gate)
        {
            _promise = null;
        }
    }

    // CR and nothing else: as data it is a blank, as a command line it is empty and has no answer (core.md 1.1, cmqtt.md 3.3).
    // It may be cut off anywhere: whoever owes the rest sends all of it again.
    private async Task PadAsync(int count, CancellationToken cancellationToken)
    {
        byte[] blanks = new byte[count];
        Array.Fill(blanks, (byte)'\r');
        await WriteBoundedAsync(blanks, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Heard?> HearAsync(Channel<Heard> heard, TimeSpan within, CancellationToken cancellationToken)
    {
        if (heard.Reader.TryRead(out Heard? ready))
        {
            return ready;
        }

        if (within <= TimeSpan.Zero)
        {
            return null;
        }

        using var wait = new CancellationTokenSource(within, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, wait.Token);
        try
        {
            return await heard.Reader.ReadAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private Channel<Heard> Listen()
    {
        var listener = System.Threading.Channels.Channel.CreateBounded<Heard>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropWrite });
        lock (_gate)
        {
            _listener = listener;
        }

        return listener;
    }

    private void StopListening()
    {
        lock (_gate)
        {
            _listener = null;
        }
    }

    private void Owe(AtResultLine line, long since)
    {
        ForgetOldDebts();
        _owed.Add((line, since));
    }

    private bool TakeOwed(ReadOnlySpan<byte> line)
    {
        ForgetOldDebts();
        for (int index = 0; index < _owed.Count; index++)
        {
            if (_owed[index].Line.Matches(line))
            {
                _owed.RemoveAt(index);
                return true;
            }
        }

        return false;
    }

    private void ForgetOldDebts() => _owed.RemoveAll(debt => _time.GetElapsedTime(debt.Since) > _options.LateResultLifetime);

    /// <summary>Data that the modem was told to expect.</summary>
    private sealed record Promise(ReadOnlyMemory<byte> Data, int Count, bool PromptSeen)
    {
        // A topic's limit; a longer one shows by silence and is padded again.
        public static Promise OfUnknownLength { get; } = new(default, CmqttLimits.Topic, PromptSeen: true) { Pad = true };

        /// <summary>True when nobody knows what of the data has left: only filling the whole count helps.</summary>
        public bool Pad { get; init; }

        /// <summary>True when all data has left, so that an answer may be on its way and says that all has arrived.</summary>
        public bool AwaitsAnswer { get; init; }
    }

    /// <summary>What came while nobody's command ran: a line, or a prompt when the line is null.</summary>
    private sealed record Heard(string? Line)
    {
        public static Heard Prompt { get; } = new((string?)null);
    }
}
