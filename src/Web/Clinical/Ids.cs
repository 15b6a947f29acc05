namespace Telemedicine.Clinical;

/// <summary>An id that is a UUID with a type of its own, so that one cannot stand in for another.</summary>
public interface IEntityId<TSelf> : IParsable<TSelf>
    where TSelf : struct, IEntityId<TSelf>
{
    Guid Value { get; }

    static abstract TSelf From(Guid value);
}

/// <summary>A practice: the owner of everything below.</summary>
public readonly record struct PracticeId(Guid Value) : IEntityId<PracticeId>
{
    public static PracticeId New() => new(Guid.CreateVersion7());

    public static PracticeId From(Guid value) => new(value);

    public static PracticeId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out PracticeId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>A clinician.</summary>
public readonly record struct PractitionerId(Guid Value) : IEntityId<PractitionerId>
{
    public static PractitionerId New() => new(Guid.CreateVersion7());

    public static PractitionerId From(Guid value) => new(value);

    public static PractitionerId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out PractitionerId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>A receptionist, manager or administrator of a practice.</summary>
public readonly record struct StaffMemberId(Guid Value) : IEntityId<StaffMemberId>
{
    public static StaffMemberId New() => new(Guid.CreateVersion7());

    public static StaffMemberId From(Guid value) => new(value);

    public static StaffMemberId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out StaffMemberId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>A patient's record at one practice.</summary>
public readonly record struct PatientId(Guid Value) : IEntityId<PatientId>
{
    public static PatientId New() => new(Guid.CreateVersion7());

    public static PatientId From(Guid value) => new(value);

    public static PatientId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out PatientId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>What can be booked.</summary>
public readonly record struct HealthcareServiceId(Guid Value) : IEntityId<HealthcareServiceId>
{
    public static HealthcareServiceId New() => new(Guid.CreateVersion7());

    public static HealthcareServiceId From(Guid value) => new(value);

    public static HealthcareServiceId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out HealthcareServiceId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>A clinician's session on a day: Signalling's clinic id.</summary>
public readonly record struct ScheduleId(Guid Value) : IEntityId<ScheduleId>
{
    public static ScheduleId New() => new(Guid.CreateVersion7());

    public static ScheduleId From(Guid value) => new(value);

    public static ScheduleId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out ScheduleId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>A bookable piece of a schedule.</summary>
public readonly record struct SlotId(Guid Value) : IEntityId<SlotId>
{
    public static SlotId New() => new(Guid.CreateVersion7());

    public static SlotId From(Guid value) => new(value);

    public static SlotId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out SlotId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>A booking: Signalling's consultation id.</summary>
public readonly record struct AppointmentId(Guid Value) : IEntityId<AppointmentId>
{
    public static AppointmentId New() => new(Guid.CreateVersion7());

    public static AppointmentId From(Guid value) => new(value);

    public static AppointmentId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out AppointmentId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>A patient says that a mark is wrong.</summary>
public readonly record struct AttendanceDisputeId(Guid Value) : IEntityId<AttendanceDisputeId>
{
    public static AttendanceDisputeId New() => new(Guid.CreateVersion7());

    public static AttendanceDisputeId From(Guid value) => new(value);

    public static AttendanceDisputeId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out AttendanceDisputeId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>What happened at an appointment.</summary>
public readonly record struct EncounterId(Guid Value) : IEntityId<EncounterId>
{
    public static EncounterId New() => new(Guid.CreateVersion7());

    public static EncounterId From(Guid value) => new(value);

    public static EncounterId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out EncounterId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>Something that a clinician asks practice staff to do.</summary>
public readonly record struct StaffTaskId(Guid Value) : IEntityId<StaffTaskId>
{
    public static StaffTaskId New() => new(Guid.CreateVersion7());

    public static StaffTaskId From(Guid value) => new(value);

    public static StaffTaskId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out StaffTaskId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>A message in the outbox.</summary>
public readonly record struct MessageId(Guid Value) : IEntityId<MessageId>
{
    public static MessageId New() => new(Guid.CreateVersion7());

    public static MessageId From(Guid value) => new(value);

    public static MessageId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out MessageId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>A patient's place on the waiting list.</summary>
public readonly record struct WaitingListEntryId(Guid Value) : IEntityId<WaitingListEntryId>
{
    public static WaitingListEntryId New() => new(Guid.CreateVersion7());

    public static WaitingListEntryId From(Guid value) => new(value);

    public static WaitingListEntryId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out WaitingListEntryId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>A time offered to who waits for one.</summary>
public readonly record struct WaitingListOfferId(Guid Value) : IEntityId<WaitingListOfferId>
{
    public static WaitingListOfferId New() => new(Guid.CreateVersion7());

    public static WaitingListOfferId From(Guid value) => new(value);

    public static WaitingListOfferId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out WaitingListOfferId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>Appointments that were booked together, every so many weeks.</summary>
public readonly record struct SeriesId(Guid Value) : IEntityId<SeriesId>
{
    public static SeriesId New() => new(Guid.CreateVersion7());

    public static SeriesId From(Guid value) => new(value);

    public static SeriesId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out SeriesId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>A question that is asked when a service is booked.</summary>
public readonly record struct ServiceQuestionId(Guid Value) : IEntityId<ServiceQuestionId>
{
    public static ServiceQuestionId New() => new(Guid.CreateVersion7());

    public static ServiceQuestionId From(Guid value) => new(value);

    public static ServiceQuestionId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out ServiceQuestionId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>A clinic that is held every week.</summary>
public readonly record struct ClinicTemplateId(Guid Value) : IEntityId<ClinicTemplateId>
{
    public static ClinicTemplateId New() => new(Guid.CreateVersion7());

    public static ClinicTemplateId From(Guid value) => new(value);

    public static ClinicTemplateId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out ClinicTemplateId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>Days without clinics.</summary>
public readonly record struct TimeOffId(Guid Value) : IEntityId<TimeOffId>
{
    public static TimeOffId New() => new(Guid.CreateVersion7());

    public static TimeOffId From(Guid value) => new(value);

    public static TimeOffId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out TimeOffId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>What one person may do for one patient.</summary>
public readonly record struct RelatedPersonId(Guid Value) : IEntityId<RelatedPersonId>
{
    public static RelatedPersonId New() => new(Guid.CreateVersion7());

    public static RelatedPersonId From(Guid value) => new(value);

    public static RelatedPersonId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out RelatedPersonId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>Somebody who is invited to one consultation.</summary>
public readonly record struct GuestId(Guid Value) : IEntityId<GuestId>
{
    public static GuestId New() => new(Guid.CreateVersion7());

    public static GuestId From(Guid value) => new(value);

    public static GuestId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out GuestId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>One check of a device before an appointment.</summary>
public readonly record struct DeviceCheckId(Guid Value) : IEntityId<DeviceCheckId>
{
    public static DeviceCheckId New() => new(Guid.CreateVersion7());

    public static DeviceCheckId From(Guid value) => new(value);

    public static DeviceCheckId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out DeviceCheckId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>One act of staff about an appointment at risk.</summary>
public readonly record struct DeviceCheckFollowUpId(Guid Value) : IEntityId<DeviceCheckFollowUpId>
{
    public static DeviceCheckFollowUpId New() => new(Guid.CreateVersion7());

    public static DeviceCheckFollowUpId From(Guid value) => new(value);

    public static DeviceCheckFollowUpId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out DeviceCheckFollowUpId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}

/// <summary>A photo or document of an appointment.</summary>
public readonly record struct SharedFileId(Guid Value) : IEntityId<SharedFileId>
{
    public static SharedFileId New() => new(Guid.CreateVersion7());

    public static SharedFileId From(Guid value) => new(value);

    public static SharedFileId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse(string? s, IFormatProvider? provider, out SharedFileId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}
