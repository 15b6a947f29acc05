namespace Telemedicine.Clinical.Data;

/// <summary>A row of one practice. Queries see only the rows of the practice that the context acts for.</summary>
public interface IPracticeOwned
{
    PracticeId PracticeId { get; }
}

/// <summary>Two writers of one row: the second is told. The context counts the version up on every change, on every provider alike.</summary>
public interface IVersioned
{
    int Version { get; }
}

/// <summary>A clinical fact: each change of it leaves an AuditEvent in the same transaction.</summary>
public interface IAudited : IPracticeOwned
{
    Guid AuditId { get; }
}

/// <summary>The audit says that this property changed, not what it holds: the text itself stays in its own table.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AuditRedactedAttribute : Attribute;
