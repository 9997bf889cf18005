using System.Globalization;
using System.Text;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Families;
using Sim7600.Emulator.Line;
using Sim7600.Protocol.Grammar;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator;

/// <summary>What the modem tells of itself to a timeline, and what of it is nobody's business.</summary>
public sealed partial class VirtualModem
{
    private readonly CommandLineMask _mask;
    private readonly DataMask _dataMask;
    private readonly Dictionary<string, string> _statesShown = [];

    /// <summary>Adds to the timeline; on the modem's loop.</summary>
    internal void Note(TimelineKind kind, string text) => Note(new TimelineEntry(TimeSpan.Zero, Number, kind, text));

    /// <summary>Adds to the timeline with this moment and this modem; on the modem's loop.</summary>
    internal void Note(TimelineEntry entry)
    {
        if (Options.Timeline is { } timeline)
        {
            timeline.Add(entry with { Time = timeline.Now, Modem = Number });
        }
    }

    /// <summary>A command has given its final result, or, with null, none.</summary>
    internal void NoteCommand(CommandRun run, string? result)
    {
        if (_captured is null)
        {
            Lint?.CommandEnded(result);
        }

        if (Options.Timeline is { } timeline && _captured is null)
        {
            Note(new TimelineEntry(TimeSpan.Zero, Number, TimelineKind.Command, $"AT{_commands.ShownName(run.Invocation.Name)}")
            {
                Form = run.Invocation.Form.ToString().ToLowerInvariant(),
                Result = result,
                Duration = timeline.Now - run.Started,
                Note = result is null ? "the power ended it" : null,
            });
        }
    }

    private void NoteCutOff()
    {
        if (_running is { HasEnded: false } run)
        {
            NoteCommand(run, null);
        }
    }

    /// <summary>A line without a command in it was answered.</summary>
    private void NoteNoCommand(FinalResultCode result)
    {
        Lint?.LineAnswered(TextOf(result));
        if (Options.Timeline is not null)
        {
            bool isError = result == FinalResultCode.Error;
            Note(new TimelineEntry(TimeSpan.Zero, Number, TimelineKind.Command, "AT") { Result = TextOf(result), Note = isError ? "no command line" : null });
        }
    }

    private void NoteLost(int count, string why) => NoteLine(TimelineKind.Rx, $"{CountOf(count)} lost: {why}");

    /// <summary>Tells what became of bytes on the line, whose own entry cannot show it.</summary>
    internal void NoteLine(TimelineKind kind, string note)
    {
        if (Options.Timeline is not null)
        {
            Note(new TimelineEntry(TimeSpan.Zero, Number, kind, "") { Note = note });
        }
    }

    /// <summary>A number of bytes as the subject of a sentence.</summary>
    internal static string CountOf(int bytes) => bytes == 1 ? "1 byte is" : string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes are");

    private void NoteWaiting()
    {
        if (Options.Timeline is not null && _running is { } run && _input.WrittenCount > 0)
        {
            string name = _commands.ShownName(run.Invocation.Name);
            Note(new TimelineEntry(TimeSpan.Zero, Number, TimelineKind.Rx, "")
            {
                Note = string.Create(CultureInfo.InvariantCulture, $"{_input.WrittenCount} bytes wait: AT{name} has not ended"),
            });
        }
    }

    /// <summary>The modem has taken bytes from the host.</summary>
    /// <returns>Which bytes of a command line must not be shown; null without a timeline.</returns>
    private bool[]? NoteTaken(ReadOnlySpan<byte> taken, bool isData, bool startsLine)
    {
        if (Options.Timeline is null)
        {
            return null;
        }

        if (startsLine)
        {
            _mask.Reset();
        }

        if (isData && RunsWithSecretData)
        {
            Note(new TimelineEntry(TimeSpan.Zero, Number, TimelineKind.Rx, "") { Note = string.Create(CultureInfo.InvariantCulture, $"{taken.Length} bytes of a file") });
            return null;
        }

        bool[] hidden;
        if (isData)
        {
            hidden = _dataMask.Hide(taken);
        }
        else
        {
            _dataMask.Reset();
            hidden = _mask.Hide(taken);
        }

        if (taken.Length > 0)
        {
            Note(TimelineKind.Rx, AtText.Escape(CommandLineMask.WithStars(taken, hidden)));
        }

        return hidden;
    }

    /// <summary>What comes out of the line at the host's end.</summary>
    private void NotePrinted(LineBytes bytes)
    {
        if (Options.Timeline is not null)
        {
            Note(TimelineKind.Tx, bytes.Shown());
        }
    }

    /// <summary>Tells which states have changed in this turn of the loop.</summary>
    private void NoteStates()
    {
        if (Options.Timeline is null)
        {
            return;
        }

        NoteState("power", IsOn ? "on" : "off");
        NoteState("sim", SimCommands.Obstacle(Sim) switch
        {
            null => "ready",
            CmeError.SimNotInserted => "absent",
            CmeError.SimPinRequired => "pin",
            CmeError.SimPukRequired => "puk",
            CmeError.SimBusy => "busy",
            _ => "failed",
        });
        NoteState("network", (IsOn ? Registration : 0) switch { 0 => "none", 1 => "home", 2 => "searching", 3 => "denied", _ => "roaming" });
        NoteState("mqtt", Cmqtt.IsStarted ? "started" : "stopped");
        foreach (CmqttClient client in Cmqtt.Clients)
        {
            NoteState(string.Create(CultureInfo.InvariantCulture, $"mqtt {client.Index}"), client.State.ToString().ToLowerInvariant());
        }
    }

    private void NoteState(string name, string value)
    {
        if (_statesShown.GetValueOrDefault(name) != value)
        {
            _statesShown[name] = value;
            Note(TimelineKind.State, $"{name}: {value}");
        }
    }

    private bool RunsWithSecretData => _running is { } run && _commands.TryGet(run.Invocation.Name, out AtCommandDefinition? command) && command.HidesData;

    private void WriteAnswer(string line)
    {
        int shown = Options.Timeline is null ? line.Length : _mask.CountShownOfAnswer(line);
        _output.Write(Encoding.UTF8.GetBytes(line[..shown]));
        _output.Write(Encoding.UTF8.GetBytes(line[shown..]), isHidden: true);
    }

    private void WriteData(ReadOnlySpan<byte> data) => _output.Write(data, RunsWithSecretData);

    private void WriteDataEcho(ReadOnlySpan<byte> data, ReadOnlySpan<bool> hidden)
    {
        for (int i = 0; i < data.Length; i++)
        {
            _output.Write(data[i..(i + 1)], RunsWithSecretData || (i < hidden.Length && hidden[i]));
        }
    }

    private void WriteEcho(ReadOnlySpan<byte> taken, bool[]? hidden, bool startsAfterCarriageReturn)
    {
        bool afterCarriageReturn = startsAfterCarriageReturn;
        for (int i = 0; i < taken.Length; i++)
        {
            _output.Write(CommandLineReader.Echo(taken[i..(i + 1)], afterCarriageReturn), hidden is not null && hidden[i]);
            afterCarriageReturn = taken[i] == '\r';
        }
    }
}
