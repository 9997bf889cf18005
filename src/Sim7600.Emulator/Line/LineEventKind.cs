namespace Sim7600.Emulator.Line;

/// <summary>What the line reader found in the bytes from the host.</summary>
internal enum LineEventKind
{
    /// <summary>All bytes were taken; more are needed.</summary>
    NeedMore,

    /// <summary>A command line ended; its bytes after <c>AT</c> are in the event.</summary>
    Command,

    /// <summary>A line that is not a command ended: text without <c>AT</c>, or a line too long for the buffer.</summary>
    Invalid,

    /// <summary><c>A/</c>: run the last line again.</summary>
    Repeat,

    /// <summary>The counted bytes that a prompt asked for are complete, or the text was ended with Ctrl-Z.</summary>
    Data,

    /// <summary>A line of text was ended with CR; the text goes on.</summary>
    TextLine,

    /// <summary>The text was given up with ESC.</summary>
    Cancelled,
}
