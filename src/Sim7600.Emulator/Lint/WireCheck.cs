using System.Globalization;
using Sim7600.Protocol;

namespace Sim7600.Emulator.Lint;

/// <summary>Who speaks when, and how many bytes: prompts, counted data, final results.</summary>
internal sealed class WireCheck(ModemLinter linter) : LintCheck(linter)
{
    /// <summary>Who waited this long for an answer has given up on it, which is no finding.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Who waited this long may ask whether the modem is still there.</summary>
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(1);

    /// <summary>Who waited this long may try to get back in step, or say the same again.</summary>
    private static readonly TimeSpan StepPatience = TimeSpan.FromMilliseconds(100);

    /// <summary>A pause in counted data behind which a command was not meant as data.</summary>
    private static readonly TimeSpan CommandPause = TimeSpan.FromMilliseconds(500);

    /// <summary>A pause in counted data that no sender makes on purpose.</summary>
    private static readonly TimeSpan FillPause = TimeSpan.FromSeconds(2);

    /// <summary>Data that does not go on for so long will not.</summary>
    private static readonly TimeSpan DataEnd = TimeSpan.FromSeconds(30);

    private const int MaximumPauses = 16;

    /// <summary>Commands that ask for data.</summary>
    private static readonly string[] Asking =
    [
        "+CMQTTTOPIC", "+CMQTTPAYLOAD", "+CMQTTWILLTOPIC", "+CMQTTWILLMSG", "+CMQTTSUBTOPIC", "+CMQTTUNSUBTOPIC", "+CMQTTSUB", "+CMQTTUNSUB",
        "+CCERTDOWN", "+CIPSEND", "+CCHSEND", "+CFTRANRX", "+HTTPDATA", "+CMGS",
    ];

    private readonly List<(int Offset, TimeSpan Pause)> _pauses = [];
    private HostLine? _last;
    private LintCommand? _lastCommand;
    private bool _isFinal;
    private bool _wasPrompted;
    private long? _answeredAt;
    private LintCommand? _taking;
    private bool _isCounted;
    private long _promptedAt;
    private bool _promptIsOut;
    private int _dataCount;
    private long _dataFirst;
    private TimeSpan _dataReceived;
    private TimeSpan _lastPiece;
    private IDisposable? _dataTimer;
    private bool _dataIsJudged;
    private bool _isAnotherHost;
    private byte[]? _cutCommand;
    private LintCommand? _justTaken;

    public override void LineTaken(HostLine line)
    {
        if (!JudgeSurplus(line))
        {
            JudgeEarliness(line);
        }

        int at = LintWords.IndexOfAt(line.Bytes);
        if (at >= 0 && line.Bytes.Length - at - 2 > AtLimits.CommandLine)
        {
            Linter.Find(LintRules.CommandLineTooLong, string.Create(CultureInfo.InvariantCulture, $"A line of at least {line.Bytes.Length - at - 2} characters after AT was sent; the buffer takes {AtLimits.CommandLine}."));
        }

        _last = line;
        _lastCommand = null;
        _isFinal = false;
        _answeredAt = null;
        _wasPrompted = false;
        _isAnotherHost = false;
    }

    public override void CommandBegan(LintCommand command) => _lastCommand = command;

    public override void CommandEnded(LintCommand command, string? result)
    {
        EndData();
        _isFinal |= result is not (null or "no result");
        if (Linter.Modem.Line.Quiet)
        {
            _answeredAt = Linter.Received;
        }
    }

    public override void LineAnswered() => _isFinal = true;

    public override void Printed(string line, bool isUnsolicited) =>
        _isFinal |= isUnsolicited && (line == "ERROR" || line.StartsWith("+CME ERROR:", StringComparison.Ordinal) || line.StartsWith("+CMS ERROR:", StringComparison.Ordinal));

    public override void Flushed()
    {
        if (_isFinal && _answeredAt is null && Linter.Modem.IsReadyForCommand)
        {
            _answeredAt = Linter.Received;
        }

        if (_taking is not null && !_promptIsOut)
        {
            _promptIsOut = true;
            _promptedAt = Linter.Received;
        }
    }

    public override void Prompted(LintCommand command, bool isCounted)
    {
        EndData();
        _taking = command;
        _isCounted = isCounted;
        _wasPrompted = true;
        _dataIsJudged = Linter.IsDisturbed || _isAnotherHost; // a fault may have taken some of it
        _promptedAt = Linter.Received;
        _dataTimer = Linter.Modem.After(DataEnd, JudgeSilence);
    }

    public override void DataPiece(long first, int count, TimeSpan received)
    {
        if (_dataCount == 0)
        {
            _dataFirst = first;
            _dataReceived = received;
        }
        else if (received - _lastPiece >= CommandPause && _pauses.Count < MaximumPauses)
        {
            _pauses.Add((_dataCount, received - _lastPiece));
        }

        _dataCount += count;
        _lastPiece = received;
    }

    public override void DataTaken(LintCommand command, byte[]? data)
    {
        if (data is not null)
        {
            JudgePrompt(command, data);
            JudgeLength(command, data);
            // Behind a pause it may have been another, restarted host that filled the count; or a command that the count cut.
            _justTaken = _isCounted && !_dataIsJudged && (_pauses.Count == 0 || _cutCommand is not null) ? command : null;
        }

        EndData();
    }

    public override void PowerChanged(bool isOn)
    {
        EndData();
        HostChanged();
    }

    public override void HostChanged()
    {
        _last = null;
        _justTaken = null;
        _isAnotherHost = true;
        _dataIsJudged = true; // whoever comes now did not announce what the modem may still wait for
    }

    private void EndData()
    {
        _dataTimer?.Dispose();
        _dataTimer = null;
        _taking = null;
        _promptIsOut = false;
        _dataCount = 0;
        _dataIsJudged = false;
        _pauses.Clear();
    }

    /// <summary>Was the line sent before the final result of the last one had left?</summary>
    private void JudgeEarliness(HostLine line)
    {
        if (_last is not { } last || line.First >= (_answeredAt ?? long.MaxValue) || line.First < Linter.ExcusedUntil)
        {
            return;
        }

        TimeSpan waited = line.Received - last.Received;
        bool getsInStep = LintWords.IsResynchronisation(line.Bytes) || line.Bytes.AsSpan().SequenceEqual(last.Bytes);
        if (waited >= Patience || (waited >= ProbePatience && line.IsProbe) || (waited >= StepPatience && getsInStep) || IsBareAt(line))
        {
            return;
        }

        string name = _lastCommand is { } command ? LintWords.Shown(command.Name) : last.IsCommand ? "AT" : "a line";
        if (line.IsCommand && LintWords.IndexOfAt(line.Bytes) == line.Bytes.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)' '))
        {
            Linter.Find(LintRules.CommandBeforeFinalResult, $"{LintWords.Span(waited)} after {name} the next command came; the modem had not answered yet.");
        }
        else if (_lastCommand is { Acts: true } asking && Asking.Contains(asking.Name) && !_wasPrompted)
        {
            Linter.Find(LintRules.DataBeforePrompt, $"Data for {name} came {LintWords.Span(waited)} after it, without a prompt; the modem refused the command and read the data as a command line.");
        }
    }

    private void JudgePrompt(LintCommand command, byte[] data)
    {
        TimeSpan waited = _dataReceived - command.Line.Received;
        if (_dataFirst >= _promptedAt)
        {
            return;
        }

        if (_dataFirst < Linter.ExcusedUntil || waited >= Patience || LintWords.IsBlank(data) || _isAnotherHost || GetsInStep(data, waited))
        {
            _dataIsJudged = true; // whoever has given up waiting, or begins anew, sends no data that it has announced
            return;
        }

        string name = LintWords.Shown(command.Name);
        if (LintWords.BeginsCommand(data))
        {
            Linter.Find(LintRules.CommandBeforeFinalResult, $"{LintWords.Span(waited)} after {name} the next command came; the modem was about to ask for data, and took it for that.");
            _dataIsJudged = true;
        }
        else
        {
            Linter.Find(LintRules.DataBeforePrompt, $"The data for {name} came {LintWords.Span(waited)} after it; the modem had not printed its prompt yet.");
        }
    }

    /// <summary>Who asks for a sign of life sends no data; the count may cut the question.</summary>
    private static bool GetsInStep(byte[] data, TimeSpan waited) =>
        LintWords.BeginsAt(data)
        && (waited >= ProbePatience || (waited >= StepPatience && data.Contains((byte)'\r') && LintWords.IsResynchronisation(FirstLine(data))));

    private void JudgeLength(LintCommand command, byte[] data)
    {
        _cutCommand = null;
        if (_dataIsJudged || !_isCounted || _dataCount != data.Length)
        {
            return;
        }

        foreach ((int offset, TimeSpan pause) in _pauses)
        {
            ReadOnlySpan<byte> rest = data.AsSpan(offset);
            int missing = data.Length - offset;
            if (LintWords.BeginsAt(rest) && !rest.Contains((byte)'\r'))
            {
                _cutCommand = rest.ToArray(); // it is one only where its end follows
                continue;
            }

            if (LintWords.IsWordsOfHost(rest) && !LintWords.IsProbe(FirstLine(rest)))
            {

                Linter.Find(LintRules.WrongLength, string.Create(CultureInfo.InvariantCulture, $"{LintWords.Shown(command.Name)} announced {data.Length} bytes; {offset} came, and {LintWords.Span(pause)} later the next command, which the modem took for the other {missing}."));
                return;
            }

            if (pause >= FillPause && LintWords.IsFilling(rest) && !rest.SequenceEqual("\r\n"u8) && rest.Length > 1)
            {
                Linter.Find(LintRules.WrongLength, string.Create(CultureInfo.InvariantCulture, $"{LintWords.Shown(command.Name)} announced {data.Length} bytes; {offset} came, and {LintWords.Span(pause)} later {missing} blanks to make up the count."));
                return;
            }
        }
    }

    private void JudgeSilence()
    {
        if (_taking is not { } command || _dataIsJudged || !_isCounted)
        {
            return;
        }

        TimeSpan idle = Linter.Now - _lastPiece;
        if (_dataCount > 0 && idle >= DataEnd)
        {
            _dataIsJudged = true;
            Linter.Find(LintRules.WrongLength, string.Create(CultureInfo.InvariantCulture, $"{LintWords.Shown(command.Name)} announced more bytes than came: after {_dataCount} of them there was nothing for {LintWords.Span(idle)}, and the modem still waits."));
        }
        else
        {
            _dataTimer = Linter.Modem.After(_dataCount > 0 ? DataEnd - idle : DataEnd, JudgeSilence);
        }
    }

    /// <summary>What stands between counted data and the next command was part of the data, as the host counted.</summary>
    private bool JudgeSurplus(HostLine line)
    {
        LintCommand? command = _justTaken;
        _justTaken = null;
        if (command is null || (line.IsCommand && LintWords.IndexOfAt(line.Bytes) < 0))
        {
            return false; // A/ has no AT
        }

        if (_cutCommand is { } cut)
        {
            // A restarted host asks, and whatever it asks may be cut too.
            _cutCommand = null;
            byte[] whole = [.. cut, .. line.Bytes];
            if (LintWords.BeginsAt(line.Bytes) || !LintWords.BeginsCommand(whole) || LintWords.IsProbe(whole))
            {
                return false;
            }

            Linter.Find(LintRules.WrongLength, string.Create(CultureInfo.InvariantCulture, $"{LintWords.Shown(command.Name)} announced {cut.Length} bytes more than came; behind a pause the modem took for them the beginning of the next command."));
            return true;
        }

        int at = line.IsCommand ? LintWords.IndexOfAt(line.Bytes) : line.Bytes.Length;
        int surplus = line.Bytes.AsSpan(0, at).ToArray().Count(value => value > ' ' && value != '+');
        if (surplus > 0)
        {
            Linter.Find(LintRules.WrongLength, $"Behind the counted data of {LintWords.Shown(command.Name)} came more that is no command: the announced length was too small, or so large that the data took the beginning of the next command.");
        }

        return surplus > 0;
    }

    private static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> bytes) => bytes.IndexOf((byte)'\r') is >= 0 and int end ? bytes[..end] : bytes;

    private static bool IsBareAt(HostLine line) => line.IsCommand && line.Bytes.AsSpan().Trim(" "u8) is { Length: 2 };
}
