using Sim7600.Emulator.Line;

namespace Sim7600.Emulator.Commands;

/// <summary>
/// One command while it runs. A handler answers through it, at once or later; until it ends the command, the modem takes
/// no further command. All members are called on the modem's own loop.
/// </summary>
internal sealed class CommandRun
{
    private readonly VirtualModem _modem;
    private readonly Action<bool> _ended;
    private readonly bool _isLast;

    /// <summary>Starts a run.</summary>
    /// <param name="modem">The modem that runs the command.</param>
    /// <param name="invocation">What the host sent.</param>
    /// <param name="isLast">True when no joined command follows, so that success is shown as <c>OK</c> at once.</param>
    /// <param name="ended">Called once, with true for success.</param>
    public CommandRun(VirtualModem modem, AtInvocation invocation, bool isLast, Action<bool> ended)
    {
        _modem = modem;
        _ended = ended;
        _isLast = isLast;
        Invocation = invocation;
    }

    /// <summary>What the host sent.</summary>
    public AtInvocation Invocation { get; }

    /// <summary>The parameters of a write form, checked against the declaration.</summary>
    public IReadOnlyList<AtArgument> Arguments { get; set; } = [];

    /// <summary>True once the final result was given.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>True when parameter <paramref name="index"/> was given and is not empty.</summary>
    public bool Has(int index) => index < Arguments.Count && !Arguments[index].IsEmpty;

    /// <summary>Parameter <paramref name="index"/> as a number.</summary>
    public int Number(int index, int otherwise = 0) => Has(index) ? (int)Arguments[index].Number : otherwise;

    /// <summary>Parameter <paramref name="index"/> as text.</summary>
    public string Text(int index, string otherwise = "") => Has(index) ? Arguments[index].Text : otherwise;

    /// <summary>Shows information lines; lines given together stand without an empty line between them.</summary>
    public void Info(params IEnumerable<string> lines) => _modem.WriteInformation(lines);

    /// <summary>Ends the command well. The last command of a line shows <c>OK</c>.</summary>
    public void Ok() => OkThen(() => { });

    /// <summary>Ends the command well, then lets its consequences be printed, before a joined command runs.</summary>
    /// <param name="consequences">What the modem does once <c>OK</c> is out.</param>
    public void OkThen(Action consequences)
    {
        if (End())
        {
            if (_isLast)
            {
                _modem.WriteFinalResult(FinalResultCode.Ok);
            }

            consequences();
            _ended(true);
        }
    }

    /// <summary>Ends the command, and the line, with <c>ERROR</c>.</summary>
    public void Error()
    {
        if (End())
        {
            _modem.WriteFinalResult(FinalResultCode.Error);
            _ended(false);
        }
    }

    /// <summary>Ends the command, and the line, with <c>+CME ERROR</c> in the form that <c>AT+CMEE</c> chose.</summary>
    public void CmeError(int number)
    {
        if (End())
        {
            _modem.WriteCmeError(number);
            _ended(false);
        }
    }

    /// <summary>Shows an information line and ends the command with <c>ERROR</c>: how the CMQTT family refuses.</summary>
    public void Refuse(string line)
    {
        Info(line);
        Error();
    }

    /// <summary>Shows the prompt and takes exactly <paramref name="count"/> bytes.</summary>
    /// <param name="count">How many bytes, 1 or more.</param>
    /// <param name="data">Called with the bytes; it ends the command.</param>
    public void Prompt(int count, Action<byte[]> data) => _modem.Prompt(count, data);

    private bool End()
    {
        if (HasEnded)
        {
            return false;
        }

        HasEnded = true;
        return true;
    }
}
