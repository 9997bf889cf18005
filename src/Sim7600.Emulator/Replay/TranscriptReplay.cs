using System.Globalization;
using System.Text;
using Sim7600.Emulator.Lint;
using Sim7600.Emulator.Replay;

namespace Sim7600.Emulator;

/// <summary>
/// Replays a session: types what the host typed and compares what the modem prints with what it printed then, line by line and
/// in order. A transcript does not tell when a line was typed; where an answer depends on it, such as a registration
/// that was still going on, moments at which the modem does something by itself are tried one after the other.
/// </summary>
public static class TranscriptReplay
{
    /// <summary>How many of the modem's own doings are let pass before one typed line, at most.</summary>
    private const int MaximumWaits = 12;

    /// <summary>How many of them are let pass while a printed line is waited for.</summary>
    private const int MaximumPatience = 100;

    /// <summary>How many dots stand for something.</summary>
    private const int ShortestDots = 3;

    /// <summary>How much of a line a session must show that was cut within it.</summary>
    private const int ShortestCut = 4;

    /// <summary>Lines of a boot that a terminal may have missed, or a driver may not have shown.</summary>
    private static readonly string[] BootLines = ["RDY", "*ATREADY: 1", "+CPIN: READY", "SMS DONE", "PB DONE"];

    /// <summary>Replays a session against the emulator, on virtual time and without a network.</summary>
    /// <param name="transcript">The session.</param>
    /// <param name="profile">The firmware; null takes the transcript's own, or the default.</param>
    /// <param name="split">In which pieces the typed bytes arrive.</param>
    /// <param name="seed">Decides the pieces of <see cref="WriteSplit.Random"/>.</param>
    /// <param name="cancellationToken">Cancels the replay.</param>
    /// <returns>The report.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<ReplayReport> RunAsync(
        Transcript transcript, FirmwareProfile? profile = null, WriteSplit split = WriteSplit.Whole, int seed = 0, CancellationToken cancellationToken = default) =>
        (await RunAsync(transcript, profile, split, seed, lint: null, cancellationToken).ConfigureAwait(false)).Report;

    /// <summary>The same with a linter that listens.</summary>
    /// <returns>The report, and for each piece of the session what the linter found.</returns>
    internal static async Task<(ReplayReport Report, IReadOnlyList<LintReport> Lint)> RunAsync(
        Transcript transcript, FirmwareProfile? profile, WriteSplit split, int seed, LintOptions? lint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transcript);
        var notes = new List<string>();
        var lints = new List<LintReport>();
        int compared = 0;
        foreach (TranscriptPiece piece in transcript.Pieces)
        {
            ReplayRun run = await RunPieceAsync(piece, transcript.IsRaw, profile, split, seed, lint, cancellationToken).ConfigureAwait(false);
            notes.AddRange(run.Notes);
            lints.AddRange(run.Lint is { } heard ? [heard] : []);
            compared += run.LinesCompared;
            if (run.Difference is not null)
            {
                return (new ReplayReport(transcript, run.Difference, notes, compared), lints);
            }
        }

        return (new ReplayReport(transcript, null, notes, compared), lints);
    }

    private static async Task<ReplayRun> RunPieceAsync(
        TranscriptPiece piece, bool isRaw, FirmwareProfile? profile, WriteSplit split, int seed, LintOptions? lint, CancellationToken cancellationToken)
    {
        FirmwareProfile firmware = profile ?? (piece.Given.Profile is { } name ? FirmwareProfiles.Find(name) : null) ?? FirmwareProfiles.Sim7600;
        int[] waits = new int[piece.Steps.Count];
        var events = new Dictionary<(int Step, int Line), OutsideEvent>();
        var explained = new HashSet<(int Step, int Line)>();
        ReplayRun? first = null;
        int furthest = -1;
        while (true)
        {
            await using var modem = new EmulatedReplayModem(piece.Given, new RecordedNetwork(piece.Steps), firmware, split, seed, lint);
            var run = new ReplayRun(piece, isRaw, modem, waits, events);
            await run.RunAsync(cancellationToken).ConfigureAwait(false);
            run.Lint = modem.Lint;
            if (run.Difference is null)
            {
                return run;
            }

            if (first is null || run.FailedSend > furthest)
            {
                first = run;
                furthest = run.FailedSend;
            }

            // What the modem would not say by itself may have come from outside: before the line that was typed, or after it.
            if (run.Unexpected is { } at && explained.Add(at) && OutsideEvent.Behind(piece.Steps, at.Step, at.Line) is { } happening)
            {
                events[run.PrintedInstead && run.FailedSend >= 0 ? (run.FailedSend, -1) : at] = happening;
                furthest = Math.Min(furthest, run.FailedSend);
                continue;
            }

            // Another moment for the line whose answer differs, if there is one left to try.
            if (run.FailedSend < 0 || run.FailedSend < furthest || !run.CouldWait || ++waits[run.FailedSend] > MaximumWaits)
            {
                return first;
            }
        }
    }

    /// <summary>One attempt at a replay with given waits.</summary>
    private sealed class ReplayRun(
        TranscriptPiece piece, bool isRaw, IReplayModem modem, int[] waits, IReadOnlyDictionary<(int Step, int Line), OutsideEvent> events)
    {
        private readonly PrintedLines _printed = new();
        private readonly List<string> _notes = [];
        private readonly List<string> _shown = [];
        private string _lastCommand = "";
        private bool _atPrompt;

        public string? Difference { get; private set; }

        /// <summary>Index of the step whose typing preceded the difference, or -1.</summary>
        public int FailedSend { get; private set; } = -1;

        /// <summary>True when the modem had something to do by itself at the difference.</summary>
        public bool CouldWait { get; private set; }

        /// <summary>The line of the session that did not come, or null.</summary>
        public (int Step, int Line)? Unexpected { get; private set; }

        /// <summary>True when another line came in its place.</summary>
        public bool PrintedInstead { get; private set; }

        public IReadOnlyList<string> Notes => _notes;

        public int LinesCompared { get; private set; }

        /// <summary>What the linter found, when one listened.</summary>
        public LintReport? Lint { get; set; }

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            int lastSend = -1;
            bool isFirst = piece.Given.Before.Count > 0;
            await TypeBeforeAsync(cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < piece.Steps.Count; i++)
            {
                TranscriptStep step = piece.Steps[i];
                if (step.Send is { } typed)
                {
                    lastSend = i;
                    for (int wait = 0; wait < waits[i]; wait++)
                    {
                        CouldWait = await modem.WaitAsync(cancellationToken).ConfigureAwait(false);
                        await LookAsync(cancellationToken).ConfigureAwait(false);
                    }

                    CouldWait |= waits[i] == 0;
                    if (!PassOver(isFirst))
                    {
                        FailedSend = lastSend;
                        return;
                    }

                    isFirst = false;
                    await HappenAsync((i, -1), cancellationToken).ConfigureAwait(false);
                    await TypeAsync(typed, cancellationToken).ConfigureAwait(false);
                }

                IReadOnlyList<string> receive = step.Receive ?? [];
                for (int line = 0; line < receive.Count; line++)
                {
                    await HappenAsync((i, line), cancellationToken).ConfigureAwait(false);
                    bool isThere = await ExpectAsync(step, receive[line], isFirst, cancellationToken).ConfigureAwait(false);
                    isFirst = false;
                    if (!isThere)
                    {
                        FailedSend = lastSend;
                        Unexpected = (i, line);
                        return;
                    }
                }
            }

            while (_printed.TryTake(out string line))
            {
                _notes.Add($"the session ends here; the modem also printed '{line}'");
            }
        }

        /// <summary>Types what came before the session; its last line's answer may be where the session begins.</summary>
        private async Task TypeBeforeAsync(CancellationToken cancellationToken)
        {
            IReadOnlyList<string> before = piece.Given.Before;
            for (int i = 0; i < before.Count; i++)
            {
                await TypeAsync(before[i], cancellationToken).ConfigureAwait(false);
                while (i + 1 < before.Count && _printed.TryTake(out string line))
                {
                    _atPrompt = line.TrimEnd() == ">";
                }
            }
        }

        private async Task TypeAsync(string typed, CancellationToken cancellationToken)
        {
            if (!_atPrompt && TypedData.Unmask(typed) is { } readable)
            {
                _notes.Add($"a telephone number is made unreadable in the post; zeros are typed for it in {typed}");
                typed = readable;
            }

            byte[] bytes = Encoding.UTF8.GetBytes(typed);
            if (!_atPrompt)
            {
                _lastCommand = typed;
                bytes = [.. bytes, (byte)'\r'];
            }
            else if (TypedData.LengthOf(_lastCommand) is { } length)
            {
                if (bytes.Length < length)
                {
                    _notes.Add(string.Create(CultureInfo.InvariantCulture, $"the data behind {_lastCommand} is {bytes.Length} bytes long in the post; padded to {length}"));
                    bytes = [.. bytes, .. Enumerable.Repeat((byte)'.', length - bytes.Length)];
                }
                else if (bytes.Length > length)
                {
                    _notes.Add(string.Create(CultureInfo.InvariantCulture, $"the data behind {_lastCommand} is {bytes.Length} bytes long in the post; cut to {length}"));
                    bytes = bytes[..length];
                }
            }
            else if (bytes is not [.., 0x1A])
            {
                bytes = [.. bytes, 0x1A];
            }

            _atPrompt = false;
            _shown.Add($"> {typed}");
            await modem.TypeAsync(bytes, cancellationToken).ConfigureAwait(false);
            _printed.Typed(Encoding.UTF8.GetString(bytes).TrimEnd('\u001a'));
            await LookAsync(cancellationToken).ConfigureAwait(false);
        }

        private async Task HappenAsync((int Step, int Line) at, CancellationToken cancellationToken)
        {
            if (events.TryGetValue(at, out OutsideEvent? happening))
            {
                _notes.Add($"from outside: {happening.Note}");
                await modem.HappenAsync(happening, cancellationToken).ConfigureAwait(false);
                await LookAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        private async Task LookAsync(CancellationToken cancellationToken) =>
            _printed.Add(await modem.PrintedAsync(cancellationToken).ConfigureAwait(false));

        /// <param name="step">The step.</param>
        /// <param name="expected">One of its lines.</param>
        /// <param name="endsBefore">True for the first line; what was typed before the session may have printed more than is shown.</param>
        /// <param name="cancellationToken">Gives up.</param>
        private async Task<bool> ExpectAsync(TranscriptStep step, string expected, bool endsBefore, CancellationToken cancellationToken)
        {
            int patience = MaximumPatience;
            PrintedInstead = false;
            while (true)
            {
                if (!_printed.TryTake(out string line))
                {
                    if (patience-- > 0 && await modem.WaitAsync(cancellationToken).ConfigureAwait(false))
                    {
                        await LookAsync(cancellationToken).ConfigureAwait(false);
                        continue;
                    }

                    return Differ(step, expected, null);
                }

                if (IsLike(line, expected) || StandsForData(line, expected))
                {
                    LinesCompared++;
                    _shown.Add($"  {line}");
                    _atPrompt = line.TrimEnd() == ">";
                    return true;
                }

                if (IsLastLine(step, expected) && expected.Length >= ShortestCut && line.StartsWith(expected, StringComparison.Ordinal))
                {
                    _notes.Add($"the session ends within the line '{line}'");
                    LinesCompared++;
                    return true;
                }

                if (!endsBefore && !MayBeLeftOut(line))
                {
                    CouldWait = true;
                    PrintedInstead = true;
                    return Differ(step, expected, line);
                }

                PrintedInstead = !endsBefore;
            }
        }

        /// <summary>Lines that were printed and that the transcript does not show before the next typed line.</summary>
        /// <param name="endsBefore">True for what was typed before the session; what that printed is not compared.</param>
        private bool PassOver(bool endsBefore)
        {
            while (_printed.TryTake(out string line))
            {
                if (!endsBefore && !MayBeLeftOut(line))
                {
                    Difference = Describe($"the modem also printed\n+ {line}");
                    CouldWait = true;
                    return false;
                }
            }

            return true;
        }

        /// <summary>
        /// Posters leave lines out. A pasted log may lack the last OK and the lines of a boot; where single lines were quoted, any line
        /// may be missing that is no error.
        /// </summary>
        private bool MayBeLeftOut(string line)
        {
            bool may = line == "OK" || BootLines.Contains(line) || (!isRaw && !line.Contains("ERROR", StringComparison.Ordinal) && line.TrimEnd() != ">");
            if (may)
            {
                _notes.Add($"not in the post: '{line}'");
                _shown.Add($"  ({line})");
            }

            return may;
        }

        /// <summary>Where single lines were quoted, a line of dots alone stands for data that the poster left out.</summary>
        private bool StandsForData(string line, string expected)
        {
            bool stands = !isRaw && expected.Length >= ShortestDots && expected.All(each => each == '.') && !line.StartsWith('+');
            if (stands)
            {
                _notes.Add(string.Create(CultureInfo.InvariantCulture, $"left out in the post: {line.Length} characters of data"));
            }

            return stands;
        }

        private bool IsLastLine(TranscriptStep step, string expected) =>
            ReferenceEquals(step, piece.Steps[^1]) && ReferenceEquals(expected, step.Receive![^1]);

        private bool Differ(TranscriptStep step, string expected, string? printed)
        {
            Difference = Describe($"step in line {step.Line} of the file\n- {expected}\n+ {printed ?? "(nothing)"}");
            return false;
        }

        private string Describe(string difference)
        {
            const int Context = 6;
            return string.Join('\n', [.. _shown.TakeLast(Context), difference]);
        }

        /// <summary>True when a line is the expected one; <c>X</c> there stands for any one character.</summary>
        private static bool IsLike(string line, string expected)
        {
            line = line.TrimEnd();
            expected = expected.TrimEnd();
            return line.Length == expected.Length && expected.Zip(line).All(pair => pair.First == 'X' || pair.First == pair.Second);
        }
    }
}
