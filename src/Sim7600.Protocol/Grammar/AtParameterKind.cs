namespace Sim7600.Protocol.Grammar;

/// <summary>How one comma-separated parameter of an AT line was written.</summary>
public enum AtParameterKind
{
    /// <summary>Nothing between two commas, as in <c>AT+CIPOPEN=0,"UDP",,,5000</c>.</summary>
    Empty,

    /// <summary>A decimal (<c>60</c>, <c>-1</c>) or hexadecimal (<c>0xFFFF</c>) whole number without quotes.</summary>
    Number,

    /// <summary>A quoted string; it may be empty and may contain commas and semicolons.</summary>
    Text,

    /// <summary>Anything else without quotes, as in <c>LTE</c> or <c>10.22.245.74</c>.</summary>
    Word,
}
