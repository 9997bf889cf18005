using System.Text;
using Sim7600.Protocol.Results;

namespace Sim7600.Driver.Channel;

/// <summary>The command on the wire and what has come of its answer. Guarded by the channel's lock.</summary>
internal sealed class PendingCommand(AtCommand command)
{
    // An answer that never ends must not fill the memory; the longest known listing is far shorter.
    private const int MostLines = 4096;
    private readonly List<string> _lines = [];
    private readonly byte[][]? _prefixes = command.InformationPrefixes?.Select(Encoding.ASCII.GetBytes).ToArray();
    private string? _doubtfulResult;

    public AtCommand Command { get; } = command;

    /// <summary>The line as sent, with its CR.</summary>
    public byte[] Wire { get; } = Encoding.UTF8.GetBytes(command.Text + "\r");

    public TaskCompletionSource<AtReply> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Prompted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool EchoSeen { get; private set; }

    /// <summary>True from the moment that the first data byte may have left.</summary>
    public bool DataStarted { get; set; }

    public bool DataWritten { get; set; }

    /// <summary>
    /// True while no data has left, so that a result can only be a refusal of this command, or be late and an older one's: a modem that was
    /// busy with that says so before it prompts.
    /// </summary>
    public bool AwaitsPrompt => Command.Data is not null && !DataStarted && Final is null;

    /// <summary>When it began to be written, as a timestamp of the channel's clock.</summary>
    public long Since { get; init; }

    /// <summary>True once the line has taken the command.</summary>
    public bool Written { get; set; }

    public AtFinalResult? Final { get; private set; }

    public string? Result { get; private set; }

    /// <summary>
    /// True when the modem may wait for data. Written is not received: until the modem has answered, bytes of it may have been lost on the line,
    /// and the next command would take their place.
    /// </summary>
    public bool OwesData => Command.Data is { IsEmpty: false } && Final is null && Result is null;

    public bool HasLines => _lines.Count > 0;

    /// <summary>True when a result line may still come although the command is given up.</summary>
    public bool OwesResult => Command.ResultLine is not null && Result is null && Final is not { IsSuccess: false };

    public string State
    {
        get
        {
            if (!Written)
            {
                return "sending the command";
            }

            if (Command.Data is not null && !Prompted.Task.IsCompleted)
            {
                return "waiting for the prompt";
            }

            if (Command.Data is not null && !DataWritten)
            {
                return "sending the data";
            }

            return (Final, Result) switch
            {
                ({ } final, null) => $"waiting for the result line {Command.ResultLine?.Prefix} after {final.Text}",
                (null, not null) => "waiting for the final result after the result line",
                _ => "waiting for the final result",
            };
        }
    }

    public bool TakeEcho(ReadOnlySpan<byte> line)
    {
        if (EchoSeen || !line.SequenceEqual(Wire.AsSpan(0, Wire.Length - 1)))
        {
            return false;
        }

        EchoSeen = true;
        return true;
    }

    public bool Claims(ReadOnlySpan<byte> line)
    {
        if (_prefixes is null)
        {
            return true;
        }

        foreach (byte[] prefix in _prefixes)
        {
            if (line.StartsWith(prefix))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Does the command ask for lines that a URC of the same prefix could be taken for?</summary>
    public bool Asks(string urcPrefix) => _prefixes is null
        ? Command.Text.Contains(urcPrefix.TrimEnd(':'), StringComparison.OrdinalIgnoreCase)
        : Command.InformationPrefixes!.Any(prefix => prefix.StartsWith(urcPrefix, StringComparison.Ordinal) || urcPrefix.StartsWith(prefix, StringComparison.Ordinal));

    public bool MatchesResult(ReadOnlySpan<byte> line) => Command.ResultLine?.Matches(line) == true;

    /// <summary>
    /// Takes a line that may be the late result of an older command. It stays doubtful: after <c>ERROR</c> it is ours, because a refusal
    /// prints its number first; before <c>OK</c> it is the older command's.
    /// </summary>
    public void TakeDoubtfulResult(ReadOnlySpan<byte> line) => _doubtfulResult = Encoding.UTF8.GetString(line);

    public bool TakeResult(ReadOnlySpan<byte> line)
    {
        if (Result is not null)
        {
            return false;
        }

        Result = Encoding.UTF8.GetString(line);
        return true;
    }

    public bool TakeFinal(AtFinalResult final)
    {
        // OK cannot answer a command whose data was not even sent: it belongs to something older (field-notes.md 11).
        if (Final is not null || (final.IsSuccess && Command.Data is not null && !DataStarted))
        {
            return false;
        }

        if (final.Kind is AtFinalResultKind.Connect or AtFinalResultKind.ConnectionFailed && !Command.Dials)
        {
            return false;
        }

        Final = final;
        if (!final.IsSuccess)
        {
            Result ??= _doubtfulResult;
        }

        return true;
    }

    public bool TakeInformation(ReadOnlySpan<byte> line)
    {
        if (_lines.Count == MostLines || Final is not null || !Claims(line))
        {
            return false;
        }

        _lines.Add(Encoding.UTF8.GetString(line));
        return true;
    }

    /// <summary>True when nothing more is to come; false may also mean that only the grace for the result line is left.</summary>
    public bool IsComplete => Final is { } final
        && (Command.ResultLine is not { } wanted || Result is not null || (final.IsSuccess && wanted.OnlyOnFailure));

    public void Complete(long sequence)
    {
        AtFinalResult final = Final!.Value;
        if (final.IsSuccess || Result is not null)
        {
            Answer.TrySetResult(new AtReply(final, _lines, Result, sequence) { WasEchoed = EchoSeen });
        }
        else
        {
            Answer.TrySetException(new AtErrorException(Command.ToString(), final));
        }
    }

    /// <summary>Information lines that were URCs after all: of a line that answers once, all but the last; after an error, all.</summary>
    public List<string> TakeBackUrcs(Func<string, string?> sharedPrefixOf)
    {
        List<string> urcs = [];
        for (int index = _lines.Count - 1; index >= 0; index--)
        {
            string? prefix = sharedPrefixOf(_lines[index]);
            if (prefix is not null && (Final is { IsSuccess: false } || _lines.FindLastIndex(line => line.StartsWith(prefix, StringComparison.Ordinal)) > index))
            {
                urcs.Insert(0, _lines[index]);
                _lines.RemoveAt(index);
            }
        }

        return urcs;
    }
}
