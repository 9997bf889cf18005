namespace Sim7600.Simulation.Interleaving;

/// <summary>What is done to the bytes of one direction while an exchange runs; positions count its bytes from 0.</summary>
internal sealed record Tamper
{
    public static readonly Tamper None = new();

    /// <summary>Before which byte <see cref="Insert"/> is put; at the exchange's length it comes behind the last byte.</summary>
    public int InsertAt { get; init; } = -1;

    public byte[] Insert { get; init; } = [];

    /// <summary>Before which byte of what results there is a pause.</summary>
    public int SplitAt { get; init; } = -1;

    /// <summary>Which byte is lost.</summary>
    public int LoseAt { get; init; } = -1;

    public override string ToString() => this switch
    {
        { LoseAt: >= 0 } => $"byte {LoseAt} lost",
        { InsertAt: >= 0 } => $"{System.Text.Encoding.Latin1.GetString(Insert).Trim().ReplaceLineEndings(" ")} at {InsertAt}, split at {SplitAt}",
        { SplitAt: >= 0 } => $"split at {SplitAt}",
        _ => "untouched",
    };
}
