namespace Sim7600.Mqtt;

/// <summary>What is wrong with an outbox's file.</summary>
public enum OutboxStoreProblem
{
    /// <summary>Anything that none of the others names, such as an input/output error of the disk.</summary>
    Failed,

    /// <summary>Another process, or another object of this one, has the file open.</summary>
    Locked,

    /// <summary>It is no outbox: another kind of file, or another program's database. It was not touched.</summary>
    Foreign,

    /// <summary>It is an outbox of a version that this library does not know. It was not touched.</summary>
    Version,

    /// <summary>It is an outbox, and damaged.</summary>
    Damaged,

    /// <summary>File or folder cannot be opened or written: missing, no rights, or read-only.</summary>
    Inaccessible,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The disk did not answer in time; whether the operation took effect is unknown.</summary>
    TimedOut,

    /// <summary>The store was disposed.</summary>
    Closed,
}
