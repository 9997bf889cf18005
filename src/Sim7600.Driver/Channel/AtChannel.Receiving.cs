using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging;
using Sim7600.Driver.Diagnostics;
using Sim7600.Links;
using Sim7600.Protocol.Grammar;
using Sim7600.Protocol.Results;
using Sim7600.Protocol.Urcs;

namespace Sim7600.Driver.Channel;

/// <content>The reader loop: digest, decide whose a line is, hand it over.</content>
public sealed partial class AtChannel
{
    // A whole count, or a longest line, plus one read.
    private const int ReadSlice = 4096;

    private readonly ITimer _stallTimer;
    private byte[] _buffer = new byte[2 * ReadSlice];
    private int _buffered;
    private AtExpectation _expectation;
    private ReadOnlyMemory<byte>? _echoToCome;
    private (string Line, Urc Kind)? _header;
    private int? _endOfData;
    private bool _dataDamaged;
    private ImmutableArray<AtUrcSubscription> _subscriptions = [];
    private long _sequence;
    private long _quarantined;
    private long _unaskedResults;
    private bool _hideUnknownLines;
    private bool _noted;
    private volatile bool _stalled;

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                ReadResult read = await _link.Input.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                foreach (ReadOnlyMemory<byte> segment in read.Buffer)
                {
                    for (int start = 0; start < segment.Length; start += ReadSlice)
                    {
                        Receive(segment.Span.Slice(start, Math.Min(ReadSlice, segment.Length - start)));
                    }
                }

                _link.Input.AdvanceTo(read.Buffer.End);
                if (_stalled)
                {
                    AbandonCount();
                }

                if (read.IsCompleted || _closing.IsCancellationRequested)
                {
                    break;
                }
            }

            Close(await _link.Lost.WaitAsync(DisposeLimit).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            Close(new SerialLinkLoss($"reading from it failed ({exception.Message.TrimEnd('.')})", Cause: exception));
        }
    }

    private void Receive(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _stalled = false;
            _received += bytes.Length;
            _lastReceived = _time.GetTimestamp();
            if (_buffer.Length - _buffered < bytes.Length)
            {
                Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _buffered + bytes.Length));
            }

            bytes.CopyTo(_buffer.AsSpan(_buffered));
            _buffered += bytes.Length;
            DigestBuffer();
        }
    }

    private void DigestBuffer()
    {
        int start = 0;
        while (true)
        {
            if (_echoToCome is { } echo && _expectation.AcceptsEcho)
            {
                _expectation = AtExpectation.EchoOf(echo);
            }
            else if (_echoToCome is null && _expectation.IsEcho)
            {
                _expectation = AtExpectation.Lines;
            }

            AtToken token = AtDigester.Digest(_buffer.AsSpan(start, _buffered - start), _expectation);
            ReadOnlySpan<byte> consumed = _buffer.AsSpan(start, token.Consumed);
            start += token.Consumed;
            bool isRestOfCutLine = _expectation.IsRestOfCutLine;
            _expectation = token.Next;
            if (token.Kind == AtTokenKind.NeedMore)
            {
                CheckEndOfData(consumed, isWhole: false);
                _tail.Add(consumed, hide: isRestOfCutLine);
                break;
            }

            _sequence++;
            int before = consumed.Overlaps(token.Bytes, out int offset) ? offset : consumed.Length;
            CheckEndOfData(consumed[..before], isWhole: true);
            _tail.Add(consumed[..before], hide: isRestOfCutLine);
            _noted = false;
            Take(token);
            _tail.Add(consumed[Math.Min(consumed.Length, before + token.Bytes.Length)..]);
        }

        _buffer.AsSpan(start, _buffered - start).CopyTo(_buffer);
        _buffered -= start;
        _stallTimer.Change(_expectation.WaitsForKnownBytes ? _options.CountedDataPause : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // The modem ends counted bytes with CR LF. Where something else follows, bytes were lost, and the count took those of the line end instead.
    private void CheckEndOfData(ReadOnlySpan<byte> consumed, bool isWhole)
    {
        if (_endOfData is not { } seen)
        {
            return;
        }

        ReadOnlySpan<byte> missing = "\r\n"u8[seen..];
        int length = Math.Min(missing.Length, consumed.Length);
        if (!consumed[..length].SequenceEqual(missing[..length]) || (isWhole && length < missing.Length))
        {
            _endOfData = null;
            _dataDamaged = true;
            return;
        }

        _endOfData = length == missing.Length ? null : seen + length;
    }

    private void Take(AtToken token)
    {
        switch (token.Kind)
        {
            case AtTokenKind.Line:
                TakeLine(token);
                break;
            case AtTokenKind.CutLine:
                _logger.LineCut(Name, AtDigester.LongestLine);
                Quarantine(token.Bytes);
                break;
            case AtTokenKind.Prompt:
                TakePrompt();
                break;
            case AtTokenKind.CountedData:
                _tail.Hide(token.Bytes.Length);
                (string line, Urc kind) = _header!.Value;
                _header = null;
                Publish(new AtUrc(line, kind, token.Bytes.ToArray(), _sequence));
                _endOfData = 0;
                break;
            case AtTokenKind.EchoedData:
                _tail.Hide(token.Bytes.Length);
                _echoToCome = null;
                break;
        }
    }

    private void TakeLine(AtToken token)
    {
        ReadOnlySpan<byte> line = token.Bytes;
        if (_current is { } echoing && echoing.TakeEcho(line))
        {
            _tail.Add(line, hide: echoing.Command.IsSensitive);
            return;
        }

        _linesHeard |= !IsProbe(line);
        _bootHeard |= IsOfBoot(line);

        if (UrcTable.TryMatch(line, out Urc? urc) && IsUnsolicited(urc, line))
        {
            Note(line, known: true);
            string text = Encoding.UTF8.GetString(line);
            int count = UrcTable.CountedBytesAfter(line);
            if (count is > 0 and <= AtDigester.MostCountedBytes)
            {
                _header = (text, urc);
                _expectation = AtExpectation.CountedAfter(token, count);
                return;
            }

            if (count != 0)
            {
                _logger.CountAbandoned(Name);
            }

            Publish(new AtUrc(text, urc, default, _sequence));
            if (urc.IsBootBanner)
            {
                TakeBoot();
            }

            return;
        }

        if (_listener is { } listener)
        {
            Note(line, known: false);
            TakeOwed(line);
            listener.Writer.TryWrite(new Heard(Encoding.UTF8.GetString(line)));
            return;
        }

        if (_current is not { } running || !Feed(running, line))
        {
            if (_promise is { AwaitsAnswer: true } && AtFinalResult.TryParse(line, out _))
            {
                _promise = null;
            }

            TakeOwed(line);
            Quarantine(line);
        }
    }

    private bool Feed(PendingCommand running, ReadOnlySpan<byte> line)
    {
        if (running.MatchesResult(line))
        {
            Note(line, known: true);
            if (running.Final is null && TakeOwed(line))
            {
                running.TakeDoubtfulResult(line);
                return false;
            }

            if (running.AwaitsPrompt)
            {
                running.TakeDoubtfulResult(line);
            }
            else if (!running.TakeResult(line))
            {
                return false;
            }
        }
        else if (AtFinalResult.TryParse(line, out AtFinalResult final) && running.TakeFinal(final))
        {
            Note(line, known: true);
            if (!running.IsComplete && !final.IsSuccess)
            {
                StartGrace(running);
            }
        }
        else if (running.TakeInformation(line))
        {
            Note(line, known: running.Command.InformationPrefixes is not null);
        }
        else
        {
            return false;
        }

        if (running.IsComplete)
        {
            Finish(running);
        }

        return true;
    }

    private void StartGrace(PendingCommand running)
    {
        // The timer keeps itself alive until it has fired; it fires once.
        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ =>
            {
                lock (_gate)
                {
                    if (ReferenceEquals(_current, running))
                    {
                        Finish(running);
                    }

                    timer?.Dispose();
                }
            },
            null, _options.ResultLineGrace, Timeout.InfiniteTimeSpan);
    }

    private void Finish(PendingCommand running)
    {
        _current = null;
        _echoToCome = null;
        foreach (string line in running.TakeBackUrcs(SharedPrefixOf))
        {
            if (UrcTable.TryMatch(Encoding.UTF8.GetBytes(line), out Urc? urc))
            {
                Publish(new AtUrc(line, urc, default, _sequence));
            }
        }

        running.Complete(_sequence);
    }

    private static string? SharedPrefixOf(string line) =>
        UrcTable.TryMatch(Encoding.UTF8.GetBytes(line), out Urc? urc) && urc.SharesPrefixWithAnswer ? urc.Prefix : null;

    private bool IsUnsolicited(Urc urc, ReadOnlySpan<byte> line)
    {
        if (!urc.SharesPrefixWithAnswer || UrcTable.IsRegistrationUrc(line))
        {
            return true;
        }

        // The answer form of +CREG: can only be an answer; the other lines look the same either way, so what was asked decides.
        bool hasTwoForms = urc.Prefix is "+CREG:" or "+CGREG:" or "+CEREG:";
        return !hasTwoForms && _current?.Asks(urc.Prefix) != true;
    }

    private void TakePrompt()
    {
        if (_listener is { } listener)
        {
            listener.Writer.TryWrite(Heard.Prompt);
        }
        else if (_current is { } running)
        {
            if (running.Command.Data is not null && !running.DataStarted)
            {
                running.Prompted.TrySetResult();
            }
            else if (running.Command.Data is null && !running.Command.Dials)
            {
                // The modem now takes everything as data. Waiting would only end in a time-out, so say at once what is wrong.
                _logger.UnexpectedPrompt(Name);
                _current = null;
                _unsynchronised = true;
                _promise = Promise.OfUnknownLength;
                running.Answer.TrySetException(new AtUnexpectedAnswerException(running.Command.ToString(), "a prompt (>) for data that the command does not have"));
            }
        }
        else if (_promise is { } promise)
        {
            _promise = promise with { PromptSeen = true };
        }
        else
        {
            _logger.UnexpectedPrompt(Name);
            Interlocked.Increment(ref _unaskedResults);
            _unsynchronised = true;
            _promise = Promise.OfUnknownLength;
        }
    }

    private void TakeBoot()
    {
        _logger.ModemStarted(Name);
        _promise = null;
        _owed.Clear();
        _echoToCome = null;
        if (_current is { } running)
        {
            // Data that was cut off by the boot may stand in the modem's line buffer, in front of the next command. And a banner alone
            // is no proof of a boot: the rest of the answer may still come, and must not reach the next command.
            _unsynchronised = true;
            _current = null;
            running.Answer.TrySetException(new AtModemRestartedException(running.Command.ToString()));
        }
    }

    private void Publish(AtUrc urc)
    {
        urc = _dataDamaged ? urc with { FollowsDamagedData = true } : urc;
        _dataDamaged = false;
        foreach (AtUrcSubscription subscription in _subscriptions)
        {
            if (!subscription.Offer(urc))
            {
                _logger.UrcDropped(Name, subscription.Dropped);
                DriverTelemetry.UrcDropped(Name);
            }
        }
    }

    private void Quarantine(ReadOnlySpan<byte> line)
    {
        CountQuarantined();
        bool known = AtFinalResult.TryParse(line, out _);
        if (known)
        {
            Interlocked.Increment(ref _unaskedResults);
        }

        Note(line, known);
        if (_logger.IsEnabled(LogLevel.Warning))
        {
            _logger.LineQuarantined(Name, Show(line, known));
        }
    }

    private void CountQuarantined()
    {
        Interlocked.Increment(ref _quarantined);
        DriverTelemetry.LineQuarantined(Name);
    }

    private void OnStalled()
    {
        _stalled = true;
        _link.Input.CancelPendingRead();
    }

    private void AbandonCount()
    {
        lock (_gate)
        {
            if (!_stalled || !_expectation.WaitsForKnownBytes)
            {
                return;
            }

            _stalled = false;
            if (!_expectation.IsEcho)
            {
                _logger.CountAbandoned(Name);
            }

            _header = null;
            _echoToCome = null;
            _expectation = AtExpectation.Lines;
            DigestBuffer();
        }
    }

    // What people may see of a line: an echo ("AT…") and the read-back of a connection or an SSL context may hold a password, and while
    // a sensitive command runs so may anything that is not understood, or that looks like a URC and has a quoted text (a garbled echo does).
    private string Show(ReadOnlySpan<byte> line, bool known) => MustHide(line, known) ? $"<{line.Length} bytes hidden>" : AtText.Escape(line, 200);

    private bool MustHide(ReadOnlySpan<byte> line, bool known) =>
        (_hideUnknownLines && (!known || line.Contains((byte)'"')))
        || (line.Length > 2 && (line[0] | 0x20) == 'a' && (line[1] | 0x20) == 't')
        || ((line.StartsWith("+CMQTTCONNECT:"u8) || line.StartsWith("+CSSLCFG:"u8)) && line.Contains((byte)'"'));

    private void Note(ReadOnlySpan<byte> line, bool known)
    {
        if (_noted)
        {
            return;
        }

        _noted = true;
        _tail.Add(line, MustHide(line, known));
        if (_logger.IsEnabled(LogLevel.Trace))
        {
            _logger.LineReceived(Name, Show(line, known));
        }
    }
}
