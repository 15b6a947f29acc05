using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Telemedicine.Clinical.Data.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class BookingChanges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Slots_PracticeId_ServiceId_Day_Start_Status_HeldUntil",
                table: "Slots");

            migrationBuilder.DropIndex(
                name: "IX_Slots_ScheduleId_Start",
                table: "Slots");

            migrationBuilder.AddColumn<int>(
                name: "Seat",
                table: "Slots",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "AppointmentChanges",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PracticeId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    AppointmentId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Version = table.Column<int>(type: "int", nullable: false),
                    Status = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    SlotId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PractitionerId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Start = table.Column<DateTime>(type: "datetime2", nullable: false),
                    End = table.Column<DateTime>(type: "datetime2", nullable: false),
                    Channel = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    At = table.Column<DateTime>(type: "datetime2", nullable: false),
                    ActorRole = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    Action = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    Reason = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AppointmentChanges", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AppointmentChanges_Appointments_AppointmentId",
                        column: x => x.AppointmentId,
                        principalTable: "Appointments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_AppointmentChanges_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Slots_PracticeId_ServiceId_Day_Start_Status_HeldUntil_Seat",
                table: "Slots",
                columns: new[] { "PracticeId", "ServiceId", "Day", "Start", "Status", "HeldUntil", "Seat" });

            migrationBuilder.CreateIndex(
                name: "IX_Slots_ScheduleId_Start_Seat",
                table: "Slots",
                columns: new[] { "ScheduleId", "Start", "Seat" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AppointmentChanges_AppointmentId_Version",
                table: "AppointmentChanges",
                columns: new[] { "AppointmentId", "Version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AppointmentChanges_PracticeId",
                table: "AppointmentChanges",
                column: "PracticeId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AppointmentChanges");

            migrationBuilder.DropIndex(
                name: "IX_Slots_PracticeId_ServiceId_Day_Start_Status_HeldUntil_Seat",
                table: "Slots");

            migrationBuilder.DropIndex(
                name: "IX_Slots_ScheduleId_Start_Seat",
                table: "Slots");

            migrationBuilder.DropColumn(
                name: "Seat",
                table: "Slots");

            migrationBuilder.CreateIndex(
                name: "IX_Slots_PracticeId_ServiceId_Day_Start_Status_HeldUntil",
                table: "Slots",
                columns: new[] { "PracticeId", "ServiceId", "Day", "Start", "Status", "HeldUntil" });

            migrationBuilder.CreateIndex(
                name: "IX_Slots_ScheduleId_Start",
                table: "Slots",
                columns: new[] { "ScheduleId", "Start" },
                unique: true);
        }
    }
}
