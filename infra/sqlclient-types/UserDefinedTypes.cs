namespace Microsoft.SqlServer.Server;

// The four types of the package Microsoft.SqlServer.Server that SqlClient names in its method bodies, with just the members that it
// calls. The runtime must be able to load them before it can compile SqlClient's parameter path, even though user-defined CLR types are
// never sent: this project uses none.

/// <summary>How a user-defined CLR type is stored.</summary>
public enum Format
{
    Unknown = 0,
    Native = 1,
    UserDefined = 2,
}

/// <summary>A user-defined CLR type that writes itself.</summary>
public interface IBinarySerialize
{
    void Read(BinaryReader r);

    void Write(BinaryWriter w);
}

/// <summary>Marks a CLR type as a SQL Server user-defined type.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = false, Inherited = true)]
public sealed class SqlUserDefinedTypeAttribute(Format format) : Attribute
{
    public Format Format { get; } = format;

    public string? Name { get; set; }

    /// <summary>Largest instance, in bytes; -1 stands for up to 2 GB.</summary>
    public int MaxByteSize { get; set; }

    public bool IsFixedLength { get; set; }

    public bool IsByteOrdered { get; set; }

    public string? ValidationMethodName { get; set; }
}

/// <summary>Thrown by SqlClient when a CLR type cannot serve as a user-defined type.</summary>
public sealed class InvalidUdtException : Exception
{
    private InvalidUdtException(string message)
        : base(message)
    {
    }

    public static InvalidUdtException Create(Type udtType, string resourceReason) =>
        new($"'{udtType.FullName}' is not a usable user-defined type: {resourceReason}");
}
