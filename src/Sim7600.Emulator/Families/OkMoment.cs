namespace Sim7600.Emulator.Families;

/// <summary>When an operation on the network shows its <c>OK</c>.</summary>
internal enum OkMoment
{
    /// <summary>At once; the result line follows, good or bad.</summary>
    AtOnce,

    /// <summary>When it has succeeded, before the result line; a failure shows its line and <c>ERROR</c>.</summary>
    OnSuccess,

    /// <summary>When it has succeeded, behind the result line.</summary>
    AfterResult,
}
