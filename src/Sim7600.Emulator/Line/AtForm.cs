namespace Sim7600.Emulator.Line;

/// <summary>The four forms of an AT command (V.250, 27.007).</summary>
internal enum AtForm
{
    /// <summary>Bare name, with digits behind it for basic commands.</summary>
    Execute,

    /// <summary><c>=?</c></summary>
    Test,

    /// <summary><c>?</c></summary>
    Read,

    /// <summary><c>=…</c></summary>
    Write,
}
