namespace Sim7600.Protocol.Results;

/// <summary>What a final result line says.</summary>
public enum AtFinalResultKind
{
    /// <summary><c>OK</c>.</summary>
    Ok,

    /// <summary><c>ERROR</c> without a number.</summary>
    Error,

    /// <summary><c>+CME ERROR: …</c>, about the equipment, SIM or network.</summary>
    CmeError,

    /// <summary><c>+CMS ERROR: …</c>, about messages.</summary>
    CmsError,

    /// <summary><c>CONNECT</c> with or without a speed: the line enters data mode.</summary>
    Connect,

    /// <summary><c>NO CARRIER</c>, <c>NO DIALTONE</c>, <c>NO ANSWER</c>, <c>BUSY</c> or <c>CONNECT FAIL</c>.</summary>
    ConnectionFailed,
}
