using System.Globalization;
using System.Text;
using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Line;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Emulator.Lint;

/// <summary>
/// Listens to one modem and hands what it hears to the checks. What was sent before what is told by counting bytes, not by clocks: a
/// byte that had arrived when an answer left cannot have been sent because of it. All members run on the modem's loop.
/// </summary>
internal sealed class ModemLinter
{
    /// <summary>Lines of conversation that a finding quotes.</summary>
    private const int QuotedLines = 10;

    /// <summary>Characters of a quoted line.</summary>
    private const int MaximumQuote = 160;

    /// <summary>Arrivals whose time is kept while their bytes wait.</summary>
    private const int MaximumArrivals = 64;

    private readonly VirtualModem _modem;
    private readonly LintCollector _collector;
    private readonly CommandLineMask _mask;
    private readonly LintCheck[] _checks;
    private readonly TopicCheck _topics;
    private readonly Queue<LintLine> _lines = new();
    private readonly List<(long End, TimeSpan Time)> _arrivals = [];
    private readonly List<byte> _raw = [];
    private readonly HashSet<Fault> _lastingFaults = new(ReferenceEqualityComparer.Instance);
    private TimeSpan _disturbedUntil = TimeSpan.MinValue;
    private HostLine _line = new([], false, 0, TimeSpan.Zero);
    private long _first = -1;
    private TimeSpan _firstReceived;
    private bool _lineHasEnded;

    public ModemLinter(VirtualModem modem, LintCollector collector)
    {
        _modem = modem;
        _collector = collector;
        _mask = new CommandLineMask(modem.Commands);
        _topics = new TopicCheck(this);
        _checks = [_topics, new WireCheck(this), new OutcomeCheck(this), new RecoveryCheck(this), new SubscriptionCheck(this), new StartCheck(this)];
    }

    public LintOptions Options => _collector.Options;

    public VirtualModem Modem => _modem;

    /// <summary>Since the start of the emulator.</summary>
    public TimeSpan Now => _collector.Now;

    /// <summary>Bytes that have arrived from the host and were not lost.</summary>
    public long Received { get; private set; }

    /// <summary>Bytes that the modem has taken of them.</summary>
    public long Taken { get; private set; }

    /// <summary>The command that runs, or ran last.</summary>
    public LintCommand? Command { get; private set; }

    /// <summary>Bytes up to here were sent for a reason that is not the host's fault.</summary>
    public long ExcusedUntil { get; private set; }

    /// <summary>True while a fault may have changed what one end saw of the other.</summary>
    public bool IsDisturbed => _lastingFaults.Count > 0 || Now < _disturbedUntil;

    /// <summary>Tells a finding, unless what the host saw is not known.</summary>
    public void Find(LintRule rule, string text)
    {
        if (!IsDisturbed || rule == LintRules.SecretInTopic)
        {
            _collector.Add(new LintFinding(rule, _modem.Number, Now, text, [.. _lines.Select(line => line with { Text = _topics.Mask(line.Text) })]));
        }
    }

    public void HostChanged() => Tell(check => check.HostChanged());

    /// <summary>The next bytes may come before an answer: they end a running command, as they may with dialling, or they waited on the line.</summary>
    public void Excuse(int count) => ExcusedUntil = Received + count;

    public void Lost(ReadOnlySpan<byte> bytes)
    {
        foreach (LintCheck check in _checks)
        {
            check.Lost(bytes);
        }
    }

    public void Arrived(int count)
    {
        Received += count;
        if (_modem.Faults.IsFrozen)
        {
            ExcusedUntil = Received; // who hears nothing asks again
        }

        if (_arrivals.Count < MaximumArrivals)
        {
            _arrivals.Add((Received, Now));
        }
        else
        {
            _arrivals[^1] = (Received, Now);
            ExcusedUntil = Received; // when it came is not kept
        }
    }

    /// <summary>The modem takes bytes.</summary>
    /// <param name="taken">The bytes.</param>
    /// <param name="data">Which of them are data; null for a command line.</param>
    /// <param name="kind">What they ended.</param>
    public void Took(ReadOnlySpan<byte> taken, Range? data, LineEventKind kind)
    {
        long start = Taken;
        Taken += taken.Length;
        if (data is { } range)
        {
            (int offset, int length) = range.GetOffsetAndLength(taken.Length);
            if (length > 0)
            {
                TimeSpan received = ArrivalOf(start + offset);
                Tell(check => check.DataPiece(start + offset, length, received));
            }
        }
        else
        {
            TakeLine(taken, start, kind);
        }

        _arrivals.RemoveAll(arrival => arrival.End <= Taken);
    }

    public void CommandBegan(AtInvocation invocation)
    {
        LintCommand command = LintCommand.Of(invocation, _line);
        Command = command;
        Tell(check => check.CommandBegan(command));
    }

    public void Prompted(string prompt, bool isCounted)
    {
        Say(isFromHost: false, prompt.Trim());
        if (Command is { } command)
        {
            Tell(check => check.Prompted(command, isCounted));
        }
    }

    public void DataTaken(byte[]? data)
    {
        if (Command is { } command)
        {
            Say(isFromHost: true, data is null ? "(the data was given up)" : _topics.Describe(command, data));
            Tell(check => check.DataTaken(command, data));
        }
    }

    public void CommandEnded(string? result)
    {
        if (Command is { } command)
        {
            if (result != "no result")
            {
                Say(isFromHost: false, result ?? "(the power is gone)");
            }

            Tell(check => check.CommandEnded(command, result));
        }
    }

    public void AnswerWithheld() => Tell(check => check.AnswerWithheld());

    public void LineAnswered(string result)
    {
        Say(isFromHost: false, result);
        Tell(check => check.LineAnswered());
    }

    public void Printed(string line, bool isUnsolicited)
    {
        Say(isFromHost: false, Shown(line));
        Tell(check => check.Printed(line, isUnsolicited));
    }

    public void Flushed() => Tell(check => check.Flushed());

    public void PowerChanged(bool isOn)
    {
        Taken = Received;
        _arrivals.Clear();
        EndLine();
        Command = null;
        Tell(check => check.PowerChanged(isOn));
    }

    /// <summary>A fault begins: what it does to the line is not the firmware's.</summary>
    public void FaultBegan(FaultDefinition definition, Fault fault, bool lasts)
    {
        if (definition.Group != "line" && fault is not (ModemUrc or ModemStarvedData or ModemMissingPrompt or ModemFreeze))
        {
            return;
        }

        // A line that is slow all the time changes nothing; while it becomes slow or quick, bytes bunch.
        if (lasts && fault is not (LineDelay or LineChunk))
        {
            _lastingFaults.Add(fault);
        }

        Disturb();
    }

    /// <summary>From now on it is not known for a while what one end saw of the other.</summary>
    public void Disturb()
    {
        _disturbedUntil = Now + Options.RecoveryTime;
        Tell(check => check.Disturbed());
    }

    /// <summary>A fault is over.</summary>
    public void FaultEnded(Fault fault)
    {
        if (_lastingFaults.Remove(fault) || fault is LineDelay or LineChunk)
        {
            Disturb();
        }
    }

    private void TakeLine(ReadOnlySpan<byte> taken, long start, LineEventKind kind)
    {
        for (int i = 0; i < taken.Length; i++)
        {
            byte value = taken[i];
            if (value is (byte)'\r' or (byte)'\n')
            {
                _lineHasEnded = true;
                continue;
            }

            if (_lineHasEnded)
            {
                EndLine(); // the one before had no command in it and no answer
            }

            if (value > ' ' && _first < 0)
            {
                _first = start + i;
                _firstReceived = ArrivalOf(_first);
            }

            if (value != 0 && _raw.Count < CommandLineReader.MaximumLine)
            {
                _raw.Add(value);
            }
        }

        if (kind == LineEventKind.NeedMore)
        {
            return;
        }

        var line = new HostLine([.. _raw], kind != LineEventKind.Invalid, _first, _firstReceived);
        EndLine();
        if (line.First < 0)
        {
            return;
        }

        _line = line;
        _collector.CountCommand();
        _mask.Reset();
        Say(isFromHost: true, line.IsCommand
            ? AtText.Escape(CommandLineMask.WithStars(line.Bytes, _mask.Hide(line.Bytes)))
            : string.Create(CultureInfo.InvariantCulture, $"({line.Bytes.Length} bytes that are no command)"));
        Tell(check => check.LineTaken(line));
    }

    private string Shown(string answer)
    {
        int shown = _mask.CountShownOfAnswer(answer);
        return AtText.Escape(Encoding.UTF8.GetBytes(answer[..shown])) + (shown < answer.Length ? "****" : "");
    }

    private void EndLine()
    {
        _raw.Clear();
        _first = -1;
        _lineHasEnded = false;
    }

    private TimeSpan ArrivalOf(long ordinal)
    {
        foreach ((long end, TimeSpan time) in _arrivals)
        {
            if (end > ordinal)
            {
                return time;
            }
        }

        return Now;
    }

    private void Say(bool isFromHost, string text)
    {
        if (_lines.Count == QuotedLines)
        {
            _lines.Dequeue();
        }

        _lines.Enqueue(new LintLine(Now, isFromHost, text.Length > MaximumQuote ? $"{text[..MaximumQuote]}…" : text));
    }

    private void Tell(Action<LintCheck> tell)
    {
        foreach (LintCheck check in _checks)
        {
            tell(check);
        }
    }
}
