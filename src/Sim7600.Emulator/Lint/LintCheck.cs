namespace Sim7600.Emulator.Lint;

/// <summary>One part of the linter: hears what it asks for. All members run on the modem's loop.</summary>
internal abstract class LintCheck(ModemLinter linter)
{
    protected ModemLinter Linter => linter;

    /// <summary>Another host has the line, or nobody.</summary>
    public virtual void HostChanged()
    {
    }

    /// <summary>Bytes were lost because the modem is off.</summary>
    public virtual void Lost(ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>A line has ended; it is run next.</summary>
    public virtual void LineTaken(HostLine line)
    {
    }

    /// <summary>A command begins.</summary>
    public virtual void CommandBegan(LintCommand command)
    {
    }

    /// <summary>The modem takes data from now on.</summary>
    /// <param name="command">The command that asked for it.</param>
    /// <param name="isCounted">True when its length was announced, false when it ends with Ctrl-Z.</param>
    public virtual void Prompted(LintCommand command, bool isCounted)
    {
    }

    /// <summary>Data arrived.</summary>
    /// <param name="first">Ordinal of the first byte.</param>
    /// <param name="count">How many bytes.</param>
    /// <param name="received">When the first of them arrived.</param>
    public virtual void DataPiece(long first, int count, TimeSpan received)
    {
    }

    /// <summary>Data is complete, or was given up (null).</summary>
    public virtual void DataTaken(LintCommand command, byte[]? data)
    {
    }

    /// <summary>A command has its final result; null when the power ended it, <c>no result</c> when it will have none.</summary>
    public virtual void CommandEnded(LintCommand command, string? result)
    {
    }

    /// <summary>A fault hits the line: what the host saw of what came before is not known.</summary>
    public virtual void Disturbed()
    {
    }

    /// <summary>A command will have no answer, by a fault: the host waits as long as it waits.</summary>
    public virtual void AnswerWithheld()
    {
    }

    /// <summary>A line without a command in it was answered.</summary>
    public virtual void LineAnswered()
    {
    }

    /// <summary>The modem prints a line: part of an answer, or unsolicited.</summary>
    public virtual void Printed(string line, bool isUnsolicited)
    {
    }

    /// <summary>All that was printed is on its way to the host.</summary>
    public virtual void Flushed()
    {
    }

    /// <summary>The modem has begun to talk, or has gone silent.</summary>
    public virtual void PowerChanged(bool isOn)
    {
    }
}
