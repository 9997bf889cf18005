namespace Sim7600.Protocol;

/// <summary>Limits of the AT line itself (<c>AT command manual V3.00</c>, chapter 1; V.250).</summary>
public static class AtLimits
{
    /// <summary>Characters that the modem's command buffer takes after <c>AT</c>; a longer line is not run and answers <c>ERROR</c>.</summary>
    public const int CommandLine = 559;

    /// <summary>Commands that may be joined in one line; more are not run and the line answers <c>ERROR</c>.</summary>
    public const int CommandsInLine = 39;

    /// <summary>Seconds from power-on until the UART answers: about 12 in field drivers.</summary>
    public const int BootSeconds = 12;
}
