namespace Sim7600.Driver.Channel;

/// <content>What is seen on the line while something is waited for, so that a time-out can say it. Guarded by the lock.</content>
public sealed partial class AtChannel
{
    private readonly ReceivedTail _tail = new();
    private long _observedSince;
    private long _received;
    private long _receivedBefore;
    private long _lastReceived;
    private bool _linesHeard;
    private bool _bootHeard;
    private volatile bool _writing;
    private long _writingSince;

    /// <summary>What was seen since the last question began, of a modem that answers nothing.</summary>
    internal LineObservation ObserveSilence()
    {
        lock (_gate)
        {
            return Observed(SymptomOfSilence());
        }
    }

    private static bool IsOfBoot(ReadOnlySpan<byte> line) =>
        line.SequenceEqual("RDY"u8) || line.SequenceEqual("SMS DONE"u8) || line.SequenceEqual("PB DONE"u8);

    // The channel's own questions, as a modem or a crossed wire sends them back.
    private static bool IsProbe(ReadOnlySpan<byte> line) =>
        line.SequenceEqual("AT"u8) || line.SequenceEqual("ATQ0V1"u8) || line.SequenceEqual("ATV1"u8) || line.SequenceEqual("AT+CMEE?"u8);

    private void Observe()
    {
        _tail.Clear();
        _observedSince = _time.GetTimestamp();
        _receivedBefore = _received;
        _linesHeard = false;
        _bootHeard = false;
    }

    private AtSymptom SymptomOf(PendingCommand pending)
    {
        if (!pending.Written || (pending.DataStarted && !pending.DataWritten))
        {
            return AtSymptom.LineBlocked;
        }

        if (_bootHeard)
        {
            return AtSymptom.ModemStarting;
        }

        if (TailWithBuffer().IsGarbage)
        {
            return AtSymptom.Garbage;
        }

        if (_received == _receivedBefore)
        {
            return AtSymptom.Silence;
        }

        return pending switch
        {
            { Command.Data: not null } when !pending.Prompted.Task.IsCompleted => AtSymptom.PromptMissing,
            { Final: not null } => AtSymptom.ResultLineMissing,
            { Result: not null } => AtSymptom.FinalResultMissing,
            { DataWritten: true } => AtSymptom.DataUnanswered,
            { HasLines: true } => AtSymptom.AnswerCutShort,
            { EchoSeen: true } when !_linesHeard && _buffered == 0 => AtSymptom.EchoOnly,
            _ => _linesHeard ? AtSymptom.OtherLines : AtSymptom.AnswerCutShort,
        };
    }

    private AtSymptom SymptomOfSilence()
    {
        if (_writing && _time.GetElapsedTime(_writingSince) >= _options.QuietTime)
        {
            return AtSymptom.LineBlocked;
        }

        if (_bootHeard)
        {
            return AtSymptom.ModemStarting;
        }

        if (TailWithBuffer().IsGarbage)
        {
            return AtSymptom.Garbage;
        }

        return _received == _receivedBefore ? AtSymptom.Silence : _linesHeard ? AtSymptom.OtherLines : AtSymptom.EchoOnly;
    }

    private LineObservation Observed(AtSymptom symptom) => new(
        Name, _link.Settings, symptom, _time.GetElapsedTime(_observedSince), _received - _receivedBefore, _received > 0,
        _received > 0 ? _time.GetElapsedTime(_lastReceived) : null, TailWithBuffer());

    private ReceivedTail TailWithBuffer()
    {
        ReceivedTail tail = _tail.Copy();
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, _buffered);
        if (_expectation.WaitsForKnownBytes)
        {
            tail.Hide(rest.Length);
        }
        else
        {
            // A line that is not whole yet may be the beginning of anything.
            ReadOnlySpan<byte> line = rest.TrimStart("\r\n"u8);
            tail.Add(rest[..^line.Length]);
            tail.Add(line, MustHide(line, known: false));
        }

        return tail;
    }
}
