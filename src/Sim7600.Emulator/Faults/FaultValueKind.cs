namespace Sim7600.Emulator.Faults;

/// <summary>What a parameter of a fault is in JSON.</summary>
internal enum FaultValueKind
{
    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A whole number of milliseconds.</summary>
    Milliseconds,

    /// <summary>Lines with LF between them; its range is that of its length in characters.</summary>
    Text,

    /// <summary>One line of text; its range is that of its length in characters.</summary>
    Line,

    /// <summary>A command, in all its forms or in one: one line of text, as <see cref="CommandPattern"/> has it.</summary>
    Command,

    /// <summary>One of a few words.</summary>
    Word,
}
