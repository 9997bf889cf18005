using System.Globalization;
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
        Started = modem.Options.Timeline?.Now ?? TimeSpan.Zero;
    }

    /// <summary>What the host sent.</summary>
    public AtInvocation Invocation { get; }

    /// <summary>When it started, on the clock of the timeline.</summary>
    public TimeSpan Started { get; }

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
        if (End(VirtualModem.TextOf(FinalResultCode.Ok)))
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
        if (End(VirtualModem.TextOf(FinalResultCode.Error)))
        {
            _modem.WriteFinalResult(FinalResultCode.Error);
            _ended(false);
        }
    }

    /// <summary>Ends the command, and the line, with <c>+CME ERROR</c> in the form that <c>AT+CMEE</c> chose.</summary>
    public void CmeError(int number)
    {
        if (End(string.Create(CultureInfo.InvariantCulture, $"+CME ERROR: {number}")))
        {
            _modem.WriteCmeError(number);
            _ended(false);
        }
    }

    /// <summary>Ends the command, and the line, with <c>+CMS ERROR</c> in the form that <c>AT+CMEE</c> chose.</summary>
    public void CmsError(int number)
    {
        if (End(string.Create(CultureInfo.InvariantCulture, $"+CMS ERROR: {number}")))
        {
            _modem.WriteCmsError(number);
            _ended(false);
        }
    }

    /// <summary>Ends the command with <c>NO CARRIER</c>, as dialling and answering do.</summary>
    public void NoCarrier()
    {
        if (End(VirtualModem.TextOf(FinalResultCode.NoCarrier)))
        {
            _modem.WriteFinalResult(FinalResultCode.NoCarrier);
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

    /// <summary>Shows information whose first line ends with counted bytes below it.</summary>
    public void Info(string line, byte[] data) => _modem.WriteInformation(line, data);

    /// <summary>Shows the prompt of the SMS commands and takes text up to Ctrl-Z.</summary>
    /// <param name="text">Called with the text, or with null when ESC gave it up; it ends the command.</param>
    public void PromptMessage(Action<byte[]?> text) => _modem.PromptText("\r\n> ", escapes: false, reportsLines: true, text);

    /// <summary>Shows the prompt of AT+CIPSEND without a length and takes bytes up to Ctrl-Z.</summary>
    /// <param name="text">Called with the bytes, or with null when ESC gave them up; it ends the command.</param>
    public void PromptText(Action<byte[]?> text) => _modem.PromptText("\r\n>", escapes: true, reportsLines: false, text);

    /// <summary>Asks for counted bytes with the word <c>DOWNLOAD</c> as AT+HTTPDATA does.</summary>
    /// <param name="count">How many bytes, 1 or more.</param>
    /// <param name="limit">How long the host may take.</param>
    /// <param name="data">Called with the bytes, or with null when they did not come in time; it ends the command.</param>
    public void Download(int count, TimeSpan limit, Action<byte[]?> data) => _modem.PromptDownload(count, limit, data);

    /// <summary>Ends the command without a word, as one that failed.</summary>
    public void Forget()
    {
        if (End("no result"))
        {
            _ended(false);
        }
    }

    private bool End(string result)
    {
        if (HasEnded)
        {
            return false;
        }

        HasEnded = true;
        _modem.NoteCommand(this, result);
        return true;
    }
}
